import type { Sql } from "postgres";
import type { Json, Reservation, Till } from "../providers/till.ts";
import type { WorkItem } from "../queue/queue.ts";
import { LeaseLost } from "./failure.ts";

type Verdict =
  | { verdict: "reserved" | "ceiling" | "in_flight" | "unresolved" | "lost" }
  | { verdict: "cached"; result: Json };

/** The till of one item: each method is a short transaction of its own, and SQL's rules decide. */
export function createSqlTill(sql: Sql, item: WorkItem): Till {
  const named = (id: string) => {
    const at = id.indexOf("|");
    return { provider: id.slice(0, at), key: id.slice(at + 1) };
  };
  return {
    async reserve({ provider, key, credits }): Promise<Reservation> {
      const [row] = await sql<{ answer: Verdict }[]>`
        select otis.reserve_cost(${item.id}, ${item.lease}, ${provider}, ${key}, ${credits}) as answer`;
      const answer = row?.answer ?? { verdict: "lost" };
      switch (answer.verdict) {
        case "reserved":
          return { kind: "reserved", id: `${provider}|${key}` };
        case "cached":
          return { kind: "bought", answer: answer.result };
        case "ceiling":
          return { kind: "refused" };
        case "in_flight":
          return { kind: "busy" };
        case "unresolved":
          return { kind: "lost" };
        case "lost":
          throw new LeaseLost();
      }
    },
    async record(id, { credits, answer }) {
      const { provider, key } = named(id);
      await sql`select otis.record_purchase(${item.id}, ${item.lease}, ${provider}, ${key}, ${sql.json(answer)}, ${credits})`;
    },
    async release(id) {
      const { provider, key } = named(id);
      await sql`select otis.release_purchase(${item.id}, ${item.lease}, ${provider}, ${key})`;
    },
  };
}

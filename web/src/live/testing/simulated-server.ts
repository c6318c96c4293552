import type { Cancel } from "../clock.ts";
import {
  type Change,
  type Delta,
  DeltaFailure,
  type Flags,
  keyOf,
  type Row,
  type Scope,
} from "../delta.ts";

/** As many companies come ahead of their turn. */
const FIRST_COMPANIES = 3;

export const sessionId = "session-1";

/** A session with two kinds of rows, as the core sees it. */
export const testScope: Scope = {
  kind: "session",
  id: sessionId,
  pulseTable: "sessions",
  tables: {
    sessions: { scopeColumn: "id" },
    companies: { scopeColumn: "session_id" },
    postings: { scopeColumn: "session_id" },
  },
  keys: {},
};

/** One row that a statement writes. */
export interface Write {
  readonly table: "companies" | "postings";
  readonly id: string;
  readonly value: number;
}

/**
 * The database side of the revision protocol: revisions without regard to clients, a pulse at
 * the end of every statement, the delta read. The pulse row carries `sum`, the total of all
 * values, so that a view of it that is not exactly one state of the database gives itself away.
 */
export class SimulatedServer {
  #revision = 0;
  readonly #rows = new Map<string, Change>();
  readonly #listeners = new Set<(changes: readonly Change[]) => void>();
  flags: Flags = { websocket: true, sse: true, polling: true };
  readonly #createdAt: string;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.#createdAt = new Date(now()).toISOString();
    this.statement([]);
  }

  get revision(): number {
    return this.#revision;
  }

  /** Commits one statement. `holes` revisions are lost in it, as skipped rows are. */
  statement(writes: readonly Write[], holes = 0): void {
    const changes = writes.map(({ table, id, value }) =>
      this.#stamp(table, { id, session_id: sessionId, value }),
    );
    this.#revision += holes;
    changes.push(this.#pulse());
    for (const listener of [...this.#listeners]) listener(changes);
  }

  /** Hears of every commit, in order: what a replication slot would see. */
  listen(listener: (changes: readonly Change[]) => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  delta(since: number, limit: number): Delta {
    if (since > this.#revision) throw new DeltaFailure("stale", {});
    const newer = [...this.#rows.values()]
      .filter((change) => change.revision > since)
      .toSorted((a, b) => a.revision - b.revision);
    const changes = newer.slice(0, limit);
    const more = newer.length > limit;
    const ahead = since === 0 && more ? this.#first() : [];
    return {
      revision: this.#revision,
      upto: more ? (changes.at(-1)?.revision ?? since) : this.#revision,
      more,
      changes,
      ahead,
      flags: this.flags,
    };
  }

  /** What views show first: the session, and the companies of the highest value. */
  #first(): Change[] {
    const of = (name: string) => [...this.#rows.values()].filter(({ table }) => table === name);
    const companies = of("companies").toSorted((a, b) => amountOf(b.row) - amountOf(a.row));
    return [...of("sessions"), ...companies.slice(0, FIRST_COMPANIES)];
  }

  /** What every exact view must look like now: table/id → value, and the sum. */
  contents(): Map<string, unknown> {
    return contentsOf([...this.#rows.values()].map(({ table, row }) => [table, row]));
  }

  #stamp(table: string, row: Row): Change {
    this.#revision += 1;
    const stamped = { ...row, revision: this.#revision };
    const change = {
      table,
      id: keyOf(testScope, table, stamped),
      revision: this.#revision,
      row: stamped,
    };
    this.#rows.set(`${table}/${change.id}`, change);
    return change;
  }

  #pulse(): Change {
    let sum = 0;
    for (const { row } of this.#rows.values()) sum += amountOf(row);
    return this.#stamp("sessions", {
      id: sessionId,
      sum,
      created_at: this.#createdAt,
      updated_at: new Date(this.#now()).toISOString(),
    });
  }
}

export const amountOf = (row: Row): number => (typeof row.value === "number" ? row.value : 0);

export function contentsOf(rows: Iterable<readonly [string, Row]>): Map<string, unknown> {
  const contents = new Map<string, unknown>();
  for (const [table, row] of rows) {
    contents.set(`${table}/${String(row.id)}`, table === "sessions" ? row.sum : row.value);
  }
  return contents;
}

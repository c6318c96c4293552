import { beforeAll, describe, expect, it } from "vitest";
import { createWebhookHandler } from "../../functions/_shared/webhooks/receive.ts";
import { createSession } from "../db/live-tables.ts";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();
const owner = await db.createUser();
const handle = createWebhookHandler(db.sql, () => {});
let connection: { id: string; secret: string };
const items: Record<"awaited" | "other", string> = { awaited: "", other: "" };

const notice = {
  eventType: "ACTOR.RUN.SUCCEEDED",
  eventData: { actorRunId: "run1" },
  resource: {},
};

const post = (options: { secret?: string; dispatch?: string; body?: string; id?: string }) =>
  handle(
    new Request(
      `http://x/webhooks/apify/${options.id ?? connection.id}?secret=${options.secret ?? connection.secret}`,
      {
        method: "POST",
        headers: { "x-apify-webhook-dispatch-id": options.dispatch ?? crypto.randomUUID() },
        body: options.body ?? JSON.stringify(notice),
      },
    ),
  );

beforeAll(async () => {
  connection = await db.as(
    owner,
    async (sql) => (await sql`select public.create_webhook('apify') as c`)[0]?.c,
  );
  // One account at Apify serves everybody: the run is another user's.
  const user = await db.createUser();
  const session = await createSession(db, user);
  for (const [name, runId] of [
    ["awaited", "run1"],
    ["other", "run2"],
  ] as const) {
    const payload = { checkpoint: { phase: "run", runId } };
    const [item] = await db.sql<{ id: string }[]>`
      insert into otis.work_items (kind, owner_id, session_id, group_id, subject_id, provider, run_after, payload)
      values ('scrape', ${user}, ${session.id}, ${session.runId}, ${crypto.randomUUID()}, 'apify', now() + interval '1 hour',
        ${db.sql.json(payload)}) returning id`;
    items[name] = item?.id ?? "";
  }
});

const due = async (name: keyof typeof items = "awaited") => {
  const [row] =
    await db.sql`select run_after <= now() as due from otis.work_items where id = ${items[name]}`;
  return row?.due as boolean;
};

describe("a vendor's notice", () => {
  it("is refused alike for a wrong secret and an unknown connection, and wakes nothing", async () => {
    for (const options of [
      { secret: "0".repeat(48) },
      { id: crypto.randomUUID() },
      { id: "not-an-id" },
    ]) {
      const response = await post(options);
      expect(response.status).toBe(403);
      expect((await response.json()).error.code).toBe("not_allowed");
    }
    expect(await due()).toBe(false);
  });

  it("is refused when it is not the vendor's", async () => {
    expect((await post({ body: "<xml/>" })).status).toBe(400);
    expect((await post({ body: "{}" })).status).toBe(400);
    expect((await post({ body: "x".repeat(300_000) })).status).toBe(413);
  });

  it("wakes what waits for that run and nothing else, once however often it comes", async () => {
    expect(await (await post({ dispatch: "one" })).json()).toEqual({ outcome: "woken" });
    expect(await due()).toBe(true);
    expect(await due("other")).toBe(false);
    await db.sql`update otis.work_items set run_after = now() + interval '1 hour' where id = ${items.awaited}`;
    expect(await (await post({ dispatch: "one" })).json()).toEqual({ outcome: "repeated" });
    expect(await due()).toBe(false);
  });

  it("keeps no secret, only its hash", async () => {
    const [row] =
      await db.sql`select secret_hash from public.webhook_connections where id = ${connection.id}`;
    expect(row?.secret_hash).not.toContain(connection.secret);
  });
});

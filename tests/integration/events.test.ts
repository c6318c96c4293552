import { once } from "node:events";
import { request } from "node:http";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import postgres from "postgres";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { sharedStack, signUp } from "../support/stack.ts";

const stack = sharedStack();
const sql = postgres(stack.databaseUrl, { max: 2, onnotice() {} });
const open = new Set<AbortController>();
afterEach(() => {
  for (const controller of open) controller.abort();
  open.clear();
});
afterAll(() => sql.end());

type User = Awaited<ReturnType<typeof signUp>>;

async function newSession(user: User): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    insert into public.otis_workflow_sessions (owner_id, name) values (${user.id}, 'events') returning id
  `;
  if (!row) throw new Error("no session was created");
  return row.id;
}

const log = (sessionId: string, owner: string, message: string) => sql`
  insert into public.otis_progress_events (session_id, owner_id, event_type, message)
  values (${sessionId}, ${owner}, 'test', ${message})
`;

async function tokenOf({ client }: User): Promise<string> {
  return (await client.auth.getSession()).data.session?.access_token ?? "";
}

const addressOf = (query: string): string => `${stack.apiUrl}/functions/v1/events?${query}`;

/** Opens a stream and collects its events. */
async function stream(user: User, query: string, headers: Record<string, string> = {}) {
  const controller = new AbortController();
  open.add(controller);
  const response = await fetch(addressOf(query), {
    headers: { authorization: `Bearer ${await tokenOf(user)}`, ...headers },
    signal: controller.signal,
  });
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  const done = (async () => {
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      parser.feed(text);
    }
  })().catch(() => {});
  const named = (name: string) => events.filter(({ event }) => event === name);
  return { response, events, named, done, close: () => controller.abort() };
}

interface Rows {
  since: number;
  upto: number;
  rows: { table: string; revision: number; row: Record<string, unknown> }[];
}
const rowsOf = (events: readonly EventSourceMessage[]): Rows[] =>
  events.map(({ data }): Rows => JSON.parse(data));

describe("functions/v1/events", () => {
  test("sends the session, then every change as it is committed", async () => {
    const user = await signUp(stack);
    const sessionId = await newSession(user);
    const { response, named } = await stream(user, `session=${sessionId}`);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.headers.get("cache-control")).toContain("no-transform");
    await expect.poll(() => named("heartbeat").length).toBe(1);
    expect(rowsOf(named("rows"))[0]).toMatchObject({ since: 0, rows: [{ revision: 1 }] });
    await log(sessionId, user.id, "hello");
    await expect.poll(() => named("rows").length).toBe(2);
    const [, second] = rowsOf(named("rows"));
    expect(second?.rows.map(({ table }) => table)).toEqual([
      "otis_progress_events",
      "otis_workflow_sessions",
    ]);
    expect(named("rows").at(-1)?.id).toBe(String(second?.upto));
    expect(named("progress").length).toBeGreaterThanOrEqual(2);
  });

  test("resumes behind Last-Event-ID, without a gap and without a repetition", async () => {
    const user = await signUp(stack);
    const sessionId = await newSession(user);
    await log(sessionId, user.id, "one");
    const first = await stream(user, `session=${sessionId}`);
    await expect.poll(() => first.named("heartbeat").length).toBe(1);
    first.close();
    const lastId = first.events.findLast(({ id }) => id)?.id ?? "";
    await log(sessionId, user.id, "two");
    const second = await stream(user, `session=${sessionId}`, { "last-event-id": lastId });
    await expect.poll(() => second.named("heartbeat").length).toBe(1);
    const messages = rowsOf(second.named("rows")).flatMap(({ rows }) =>
      rows.flatMap(({ row }) => (row.message === undefined ? [] : [row.message])),
    );
    expect(messages).toEqual(["two"]);
  });

  test("begins anew where the revision asked for was never given out", async () => {
    const user = await signUp(stack);
    const sessionId = await newSession(user);
    const { named } = await stream(user, `session=${sessionId}`, { "last-event-id": "999999" });
    await expect.poll(() => rowsOf(named("rows"))[0]?.since).toBe(0);
  });

  test("tells the inbox of its own notifications", async () => {
    const user = await signUp(stack);
    const { named } = await stream(user, `inbox=${user.id}`);
    await expect.poll(() => named("heartbeat").length).toBe(1);
    await sql`
      insert into public.notifications (owner_id, kind, title) values (${user.id}, 'test', 'Hello')
    `;
    await expect
      .poll(() => rowsOf(named("rows")).flatMap(({ rows }) => rows.map(({ table }) => table)))
      .toEqual(["notifications", "otis_inboxes"]);
  });

  test("takes the session cookie for the token, so that an EventSource works", async () => {
    const user = await signUp(stack);
    const sessionId = await newSession(user);
    const { data } = await user.client.auth.getSession();
    const value = `base64-${Buffer.from(JSON.stringify(data.session)).toString("base64url")}`;
    const name = `sb-${new URL(stack.apiUrl).hostname.split(".")[0]}-auth-token`;
    const response = await fetch(addressOf(`session=${sessionId}`), {
      headers: { cookie: `${name}=${value}` },
    });
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });

  test("refuses strangers, the unsigned and the unclear, with a status", async () => {
    const [owner, stranger] = [await signUp(stack), await signUp(stack)];
    const sessionId = await newSession(owner);
    const status = async (user: User, query: string, headers = {}): Promise<number> =>
      (await stream(user, query, headers)).response.status;
    expect(await status(stranger, `session=${sessionId}`)).toBe(404);
    expect(await status(stranger, `inbox=${owner.id}`)).toBe(400);
    expect(await status(owner, "session=not-a-session")).toBe(400);
    expect(await status(owner, `session=${sessionId}`, { "last-event-id": "x" })).toBe(400);
    expect((await fetch(addressOf(`session=${sessionId}`))).status).toBe(401);
  });

  test("tells every stream of a switched flag within a second", async () => {
    const user = await signUp(stack);
    const { named } = await stream(user, `session=${await newSession(user)}`);
    await expect.poll(() => named("heartbeat").length).toBe(1);
    await sql`update public.feature_flags set description = description || '.' where key = 'sse'`;
    await expect
      .poll(() => named("notice").map(({ data }) => JSON.parse(data).kind))
      .toEqual(["flags"]);
  });

  test("holds one listening connection for many streams, and none after them", async () => {
    const user = await signUp(stack);
    const sessionId = await newSession(user);
    const listening = async (): Promise<number> => {
      const [row] = await sql<{ count: number }[]>`
        select count(*)::int from pg_stat_activity where query ilike 'listen %otis_progress%'
      `;
      return row?.count ?? 0;
    };
    await expect.poll(listening, { timeout: 30_000 }).toBe(0);
    const streams = await Promise.all(
      Array.from({ length: 20 }, () => stream(user, `session=${sessionId}`)),
    );
    await expect.poll(() => streams.every(({ named }) => named("heartbeat").length > 0)).toBe(true);
    expect(await listening()).toBe(1);
    for (const { close } of streams) close();
    await expect.poll(listening, { timeout: 30_000 }).toBe(0);
  });

  test("does not let a reader who stands still hold up the others", async () => {
    const user = await signUp(stack);
    const sessionId = await newSession(user);
    const stalled = request(addressOf(`session=${sessionId}`), {
      headers: { authorization: `Bearer ${await tokenOf(user)}` },
    });
    stalled.end();
    const [response] = await once(stalled, "response");
    response.pause();
    const { named } = await stream(user, `session=${sessionId}`);
    await expect.poll(() => named("heartbeat").length).toBe(1);
    for (let n = 0; n < 20; n++) {
      await sql`
        insert into public.otis_progress_events (session_id, owner_id, event_type, message)
        select ${sessionId}, ${user.id}, 'test', repeat('x', 500) from generate_series(1, 200)
      `;
    }
    await expect
      .poll(() => rowsOf(named("rows")).reduce((sum, { rows }) => sum + rows.length, 0))
      .toBeGreaterThanOrEqual(4_000);
    stalled.destroy();
  });
});

import { once } from "node:events";
import { request } from "node:http";
import { afterAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import * as z from "zod/mini";
import { testDatabase } from "../support/database.ts";
import { Inbox, join, KEYS, listenTo, serveRealtime, signToken } from "./realtime-harness.ts";

const db = await testDatabase();
await db.sql.unsafe(`
  create table notes (id int primary key, owner_id uuid not null, body text);
  alter table notes enable row level security;
  create policy "own rows" on notes for select to authenticated using (owner_id = (select auth.uid()));
  alter publication supabase_realtime add table notes;
`);
const harness = await serveRealtime(db.url, { limits: { bufferedBytes: 256 * 1024, channels: 3 } });
afterAll(() => harness.close());
const ada = await db.createUser();
const bob = await db.createUser();

/** The parts of the server's payloads that are looked into here; all else is kept as it came. */
const anyPayload = z.looseObject({
  status: z.optional(z.string()),
  message: z.optional(z.string()),
  ids: z.optional(z.array(z.number())),
  data: z.optional(z.looseObject({ record: z.looseObject({ id: z.number() }) })),
  response: z.optional(
    z.looseObject({
      reason: z.optional(z.string()),
      postgres_changes: z.optional(z.array(z.looseObject({ id: z.number() }))),
    }),
  ),
});

interface Message {
  readonly join_ref: unknown;
  readonly ref: unknown;
  readonly topic: string;
  readonly event: string;
  readonly payload: z.infer<typeof anyPayload>;
}

/** A client that says exactly what it is told to. */
async function connect(version: string, key = KEYS.publishable) {
  const address = harness.url.replace("http", "ws");
  const socket = new WebSocket(`${address}/realtime/v1/websocket?apikey=${key}&vsn=${version}`);
  const inbox = new Inbox<Message>();
  socket.on("message", (data, binary) => {
    expect(binary).toBe(false);
    const json = JSON.parse(String(data));
    const [join_ref, ref, topic, event, payload] = Array.isArray(json)
      ? json
      : [json.join_ref, json.ref, json.topic, json.event, json.payload];
    inbox.add({ join_ref, ref, topic, event, payload: anyPayload.parse(payload) });
  });
  await once(socket, "open");
  return {
    socket,
    inbox,
    send(
      joinRef: string | null,
      ref: string | null,
      topic: string,
      event: string,
      payload: object,
    ) {
      socket.send(
        JSON.stringify(
          version === "2.0.0"
            ? [joinRef, ref, topic, event, payload]
            : { topic, event, payload, ref, join_ref: joinRef },
        ),
      );
    },
    /** Resolves with the message of that event, the last one expected. */
    async next(event: string, count = 1): Promise<Message> {
      const found = await inbox.until(
        (all) => all.filter((each) => each.event === event).length >= count,
      );
      const message = found.filter((each) => each.event === event)[count - 1];
      if (!message) throw new Error("unreachable");
      return message;
    },
  };
}

describe.each(["1.0.0", "2.0.0"])("protocol %s", (version) => {
  test("a join is answered with every interest as it came, and a number for each", async () => {
    const client = await connect(version);
    const wanted = [
      { event: "INSERT", schema: "public", table: "notes", filter: "id=eq.1" },
      { event: "*", schema: "public", table: "notes", extra: { kept: true } },
      { event: "*", schema: "public", table: "notes", filter: "" },
    ];
    client.send("7", "8", "realtime:room", "phx_join", { config: { postgres_changes: wanted } });
    const reply = await client.next("phx_reply");
    expect(reply).toMatchObject({ join_ref: "7", ref: "8", topic: "realtime:room" });
    expect(reply.payload.status).toBe("ok");
    const answered = reply.payload.response?.postgres_changes ?? [];
    expect(answered.map(({ id, ...echo }) => echo)).toEqual(wanted);
    for (const { id } of answered)
      expect(id > 0 && id < 2 ** 27 && Number.isInteger(id)).toBe(true);
    expect(new Set(answered.map(({ id }) => id)).size).toBe(3);

    const system = await client.next("system");
    expect(system).toMatchObject({ join_ref: "7", ref: null, topic: "realtime:room" });
    expect(system.payload).toEqual({
      extension: "postgres_changes",
      status: "ok",
      message: "Subscribed to PostgreSQL",
      channel: "room",
    });

    client.send("9", "9", "realtime:room", "phx_join", { config: { postgres_changes: wanted } });
    const again = await client.next("phx_reply", 2);
    expect(await client.next("phx_close")).toMatchObject({ join_ref: "7", ref: "7" });
    expect(again.payload).toEqual(reply.payload);
    await client.next("system", 2);
    client.socket.terminate();
  });

  test("a change names the numbers of the interests that it is for, and no reference", async () => {
    const client = await connect(version, await signToken(ada));
    const entry = { event: "*", schema: "public", table: "notes" };
    const entries = [{ ...entry, filter: "id=lt.100" }, { ...entry, filter: "id=gt.500" }, entry];
    client.send("1", "1", "realtime:a", "phx_join", { config: { postgres_changes: entries } });
    const reply = await client.next("phx_reply");
    const [low, , all] = reply.payload.response?.postgres_changes ?? [];
    await client.next("system");
    const id = version === "2.0.0" ? 2 : 1;
    await db.sql`insert into notes values (${id}, ${ada}, null)`;
    const isOurs = (each: Message) => each.payload.data?.record.id === id;
    const change = (await client.inbox.until((seen) => seen.some(isOurs))).find(isOurs);
    if (!change) throw new Error("unreachable");
    expect(change).toMatchObject({ join_ref: null, ref: null, topic: "realtime:a" });
    expect(change.payload.ids?.toSorted()).toEqual([low?.id, all?.id].sort());
    expect(change.payload.data).toEqual({
      schema: "public",
      table: "notes",
      commit_timestamp: expect.stringMatching(/Z$/),
      type: "INSERT",
      columns: [
        { name: "id", type: "int4" },
        { name: "owner_id", type: "uuid" },
        { name: "body", type: "text" },
      ],
      record: { id, owner_id: ada, body: null },
      errors: null,
    });
    client.socket.terminate();
  });

  test("a heartbeat is answered, and so is leaving, after which nothing comes", async () => {
    const client = await connect(version, await signToken(ada));
    client.send(null, "1", "phoenix", "heartbeat", {});
    const ok = { status: "ok", response: {} };
    expect(await client.next("phx_reply")).toMatchObject({
      ref: "1",
      topic: "phoenix",
      payload: ok,
    });
    const postgres_changes = [{ event: "*", schema: "public", table: "notes" }];
    client.send("2", "2", "realtime:a", "phx_join", { config: { postgres_changes } });
    await client.next("system");
    client.send("2", "3", "realtime:a", "phx_leave", {});
    expect(await client.next("phx_reply", 3)).toMatchObject({ ref: "3", payload: ok });
    expect(await client.next("phx_close")).toMatchObject({ join_ref: "2", payload: {} });
    await db.sql`insert into notes values (${version === "2.0.0" ? 4 : 3}, ${ada}, null)`;
    client.send("2", "5", "realtime:a", "anything", {});
    const unknown = await client.next("phx_reply", 4);
    expect(unknown.payload).toEqual({ status: "error", response: { reason: "unmatched topic" } });
    expect(client.inbox.items.some((each) => each.event === "postgres_changes")).toBe(false);
    client.socket.terminate();
  });

  test("a frame that is none ends the connection", async () => {
    const client = await connect(version);
    client.socket.send("hello");
    const [code] = await once(client.socket, "close");
    expect(code).toBe(1007);
  });
});

describe("the unmodified client", () => {
  test.each(["1.0.0", "2.0.0"] as const)("receives changes in version %s", async (vsn) => {
    const client = await harness.client(await signToken(ada), { vsn });
    const { changes, statuses } = await listenTo(client, { table: "notes", filter: "body=eq.hi" });
    expect(statuses.items).toEqual(["SUBSCRIBED"]);
    await db.sql`insert into notes values (${vsn === "2.0.0" ? 10 : 11}, ${ada}, 'hi')`;
    expect(await changes.count(1)).toHaveLength(1);
    await client.removeAllChannels();
  });

  test("joins with broadcast and presence configured", async () => {
    const client = await harness.client(await signToken(ada));
    const statuses = new Inbox<string>();
    const synced = new Inbox<boolean>();
    const channel = client
      .channel("room", {
        config: { broadcast: { self: true, ack: true }, presence: { key: "ada" }, private: true },
      })
      .on("broadcast", { event: "*" }, () => {})
      .on("presence", { event: "sync" }, () => synced.add(true))
      .subscribe((status) => statuses.add(status));
    expect(await statuses.count(1)).toEqual(["SUBSCRIBED"]);
    await synced.count(1);
    expect(await channel.send({ type: "broadcast", event: "x", payload: {} })).toBe("error");
    expect(await channel.track({ here: true })).toBe("error");
    expect(statuses.items).toEqual(["SUBSCRIBED"]);
  });

  test("may wait with SUBSCRIBED until changes flow, or learn why they do not", async () => {
    const client = await harness.client(await signToken(ada));
    const outcomes = new Inbox<string>();
    for (const table of ["notes", "nowhere"]) {
      client
        .channel(table, { config: { postgres_changes_options: { wait: true } } })
        .on("postgres_changes", { event: "*", schema: "public", table }, () => {})
        .subscribe((status, error) => outcomes.add(`${table} ${status} ${error?.message ?? ""}`));
    }
    const seen = await outcomes.count(2);
    expect(seen).toContainEqual("notes SUBSCRIBED ");
    expect(seen).toContainEqual(expect.stringMatching(/^nowhere CHANNEL_ERROR RealtimeDisabled/));
    await client.removeAllChannels();
  });

  test("may have so many channels and no more", async () => {
    const client = await harness.client(await signToken(ada));
    for (let i = 0; i < 3; i += 1) await listenTo(client, { table: "notes" });
    const { statuses } = join(client, { table: "notes" });
    expect(await statuses.count(1)).toEqual(["CHANNEL_ERROR"]);
    await client.removeAllChannels();
  });
});

describe("tokens", () => {
  test("a refreshed token takes effect and is confirmed", async () => {
    let token = await signToken(bob);
    const client = await harness.client(() => token);
    const { changes, system } = await listenTo(client, { table: "notes", event: "INSERT" });
    await db.sql`insert into notes values (20, ${ada}, null), (22, ${bob}, null)`;
    await changes.count(1);
    token = await signToken(ada);
    await client.realtime.setAuth();
    await system.count(2);
    expect(system.items.at(-1)).toMatchObject({
      status: "ok",
      message: "Subscribed to PostgreSQL",
    });
    await db.sql`insert into notes values (21, ${ada}, null)`;
    expect((await changes.count(2)).map((each) => each.new.id)).toEqual([22, 21]);
  });

  test("a refreshed token with a role that cannot be taken ends the subscription", async () => {
    let token = await signToken(ada);
    const client = await harness.client(() => token);
    const before = harness.realtime.stats().subscriptions;
    const { system } = await listenTo(client, { table: "notes", event: "INSERT" });
    token = await signToken(ada, { role: "postgres" });
    await client.realtime.setAuth();
    await system.count(2);
    expect(system.items.at(-1)).toMatchObject({ status: "error" });
    expect(harness.realtime.stats().subscriptions).toBe(before);
  });

  test("when a token expires the channel says so and closes", async () => {
    const client = await connect("2.0.0");
    const exp = Math.ceil(Date.now() / 1000) + 2;
    const postgres_changes = [{ event: "*", schema: "public", table: "notes" }];
    const access_token = await signToken(ada, { exp });
    client.send("1", "1", "realtime:a", "phx_join", { config: { postgres_changes }, access_token });
    await client.next("phx_close");
    const complaint = client.inbox.items.filter((each) => each.event === "system").at(-1);
    expect(complaint?.payload).toMatchObject({
      extension: "system",
      status: "error",
      message: expect.stringMatching(/^Token has expired \d+ seconds ago$/),
      channel: "a",
    });
    client.socket.terminate();
  });

  test("a token that is bad when it is refreshed closes the channel", async () => {
    const client = await connect("2.0.0");
    const access_token = await signToken(ada);
    client.send("1", "1", "realtime:a", "phx_join", { config: {}, access_token });
    await client.next("phx_reply");
    // What is no token is no news.
    for (const token of [null, "sb_publishable_x", access_token]) {
      client.send("1", null, "realtime:a", "access_token", { access_token: token });
    }
    const [head, , signature] = access_token.split(".");
    const forged = Buffer.from('{"role":"service_role","exp":9999999999}').toString("base64url");
    client.send("1", null, "realtime:a", "access_token", {
      access_token: `${head}.${forged}.${signature}`,
    });
    await client.next("phx_close");
    const messages = client.inbox.items.filter((each) => each.event === "system");
    expect(messages.map((each) => each.payload.message)).toEqual([
      "Failed to validate JWT signature",
    ]);
    client.socket.terminate();
  });

  test.each([
    ["expired", async () => signToken(ada, { exp: 1 }), "Token has expired"],
    ["without a role", async () => signToken(ada, { role: undefined }), "`role` and `exp`"],
    ["no token at all", async () => "x", "not a valid JWT"],
  ])("a join with a token that is %s is refused", async (_, make, reason) => {
    const client = await connect("2.0.0");
    client.send("1", "1", "realtime:a", "phx_join", { config: {}, access_token: await make() });
    const { payload } = await client.next("phx_reply");
    expect(payload.status).toBe("error");
    expect(payload.response?.reason).toContain(reason);
    client.socket.terminate();
  });
});

test.each([
  [401, "/realtime/v1/websocket", "API key is missing"],
  [401, "/realtime/v1/websocket?apikey=sb_publishable_other", "not known"],
  [401, "/realtime/v1/websocket?apikey=abc", "not a valid JWT"],
  [403, `/realtime/v1/websocket?apikey=${KEYS.publishable}&vsn=3.0.0`, "3.0.0"],
  [403, `/realtime/v1/websocket?apikey=${KEYS.secret}`, "in browser"],
  [404, `/elsewhere?apikey=${KEYS.publishable}`, "nothing here"],
])("a handshake is refused with %i: %s", async (status, path, reason) => {
  expect(await handshake(path)).toEqual({ status, error: expect.stringContaining(reason) });
});

test("too many connections are refused with 429", async () => {
  const full = await serveRealtime(db.url, { limits: { connections: 0 } });
  const path = `/realtime/v1/websocket?apikey=${KEYS.publishable}`;
  expect(await handshake(path, full.url)).toEqual({
    status: 429,
    error: "Too many connected users",
  });
  await full.close();
});

async function handshake(path: string, url = harness.url): Promise<object> {
  const upgrade = request(`${url}${path}`, {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
      origin: "http://localhost:5173",
    },
  });
  upgrade.end();
  const [response] = await once(upgrade, "response");
  let body = "";
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, ...JSON.parse(body) };
}

test("a client that does not read is cut off, the others get everything", async () => {
  const token = await signToken(ada);
  const slow = await connect("2.0.0", token);
  const postgres_changes = [
    { event: "*", schema: "public", table: "notes", filter: "body=like.slow%" },
  ];
  slow.send("1", "1", "realtime:a", "phx_join", { config: { postgres_changes } });
  await slow.next("system");
  const { changes } = await listenTo(await harness.client(token), {
    table: "notes",
    filter: "id=gte.1000",
  });
  const cutOff = harness.realtime.stats().cutOff;
  slow.socket.pause();
  await db.sql`
    insert into notes select n, ${ada}, 'slow' || repeat('x', 100000) from generate_series(1000, 1199) n
  `;
  await changes.count(200);
  expect(harness.realtime.stats().cutOff).toBe(cutOff + 1);
  slow.socket.resume();
  await once(slow.socket, "close");
});

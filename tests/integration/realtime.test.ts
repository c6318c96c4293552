import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import {
  type Interest,
  join,
  KEYS,
  listenTo,
  serveRealtime,
  signToken,
} from "./realtime-harness.ts";

const db = await testDatabase();
await db.sql.unsafe(`
  create table notes (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null,
    body text,
    size int8,
    secret text
  );
  alter table notes enable row level security;
  create policy "own rows" on notes for select to authenticated using ((select auth.uid()) = owner_id);
  revoke all on notes from anon, authenticated;
  grant select (id, owner_id, body, size) on notes to authenticated;

  create table teams (id int primary key, member uuid);
  create table team_notes (team int, place int, body text, primary key (team, place));
  alter table team_notes enable row level security;
  create policy "members" on team_notes for select to authenticated
    using (exists (select from teams where teams.id = team and member = (select auth.uid())));

  create table fragile (place int, keys_0 int, divisor int, primary key (place, keys_0));
  alter table fragile enable row level security;
  create policy "fails at zero" on fragile for select to authenticated using (1 / divisor = 1);

  create table open_notes (id int primary key, body text, tags text[], size numeric);
  alter table open_notes replica identity full;
  create table full_notes (id int primary key, owner_id uuid, body text);
  alter table full_notes replica identity full;
  alter table full_notes enable row level security;
  create policy "own rows" on full_notes for select to authenticated using (owner_id = auth.uid());
  create table keyless (body text);
  create table hidden_key (id int primary key, body text);
  revoke all on hidden_key from authenticated;
  grant select (body) on hidden_key to authenticated;
  create table unpublished (id int primary key);
  alter publication supabase_realtime add table
    notes, team_notes, fragile, open_notes, full_notes, hidden_key;
  alter table keyless replica identity full;
  alter publication supabase_realtime add table keyless;
`);
const harness = await serveRealtime(db.url);
afterAll(() => harness.close());

const ada = await db.createUser();
const bob = await db.createUser();
const adas = await harness.client(await signToken(ada));
const bobs = await harness.client(await signToken(bob));

/** A row that everybody receives; what has not arrived before it never will. */
let markers = 1_000_000;
async function writeMarker(): Promise<number> {
  markers += 1;
  await db.sql`insert into open_notes (id) values (${markers})`;
  return markers;
}
async function settled(listening: Awaited<ReturnType<typeof listenTo>>) {
  const marker = await writeMarker();
  const all = await listening.changes.until((items) =>
    items.some((each) => each.new.id === marker),
  );
  return all.filter((each) => !(each.table === "open_notes" && Number(each.new.id) > 1_000_000));
}
const marked = (interest: Interest): Interest[] => [
  interest,
  { table: "open_notes", event: "INSERT" },
];

describe("row level security", () => {
  test("a user receives her own INSERT, UPDATE and DELETE, and another user none of them", async () => {
    const mine = await listenTo(adas, { table: "notes" });
    const theirs = await listenTo(
      bobs,
      ...marked({ table: "notes", filter: `owner_id=eq.${bob}` }),
    );
    const id = randomUUID();
    await db.sql`insert into notes (id, owner_id, body, size) values (${id}, ${ada}, 'a', 7)`;
    await db.sql`update notes set body = 'b' where id = ${id}`;
    await db.sql`delete from notes where id = ${id}`;
    const [inserted, updated, deleted] = await mine.changes.count(3);
    expect(inserted).toEqual({
      eventType: "INSERT",
      schema: "public",
      table: "notes",
      commit_timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      errors: null,
      new: { id, owner_id: ada, body: "a", size: 7 },
      old: {},
    });
    expect(updated).toMatchObject({ eventType: "UPDATE", new: { id, body: "b" }, old: { id } });
    expect(deleted).toMatchObject({ eventType: "DELETE", new: {}, old: { id } });
    expect(await settled(theirs)).toEqual([]);
  });

  test("a DELETE is kept from others where the old row names its owner", async () => {
    const mine = await listenTo(adas, { table: "full_notes" });
    const theirs = await listenTo(bobs, ...marked({ table: "full_notes" }));
    await db.sql`insert into full_notes values (1, ${ada}, 'a')`;
    await db.sql`delete from full_notes where id = 1`;
    const [, deleted] = await mine.changes.count(2);
    // With row security only the key is told, even if the log has more.
    expect(deleted?.old).toEqual({ id: 1 });
    expect(await settled(theirs)).toEqual([]);
  });

  test("a policy that needs another table is asked of Postgres, by a key of two columns", async () => {
    await db.sql`insert into teams values (1, ${ada}), (2, ${bob})`;
    const mine = await listenTo(adas, ...marked({ table: "team_notes", event: "INSERT" }));
    const theirs = await listenTo(bobs, ...marked({ table: "team_notes", event: "INSERT" }));
    await db.sql`insert into team_notes select 1 + n % 2, n, 'x' from generate_series(1, 10) n`;
    const seen = (await settled(mine)).map((each) => each.new.team);
    expect(seen).toEqual([1, 1, 1, 1, 1]);
    expect((await settled(theirs)).map((each) => each.new.team)).toEqual([2, 2, 2, 2, 2]);
  });

  test("a row that has gone before Postgres was asked is not shown, its DELETE is", async () => {
    const mine = await listenTo(adas, ...marked({ table: "team_notes" }));
    await db.sql.begin(async (sql) => {
      await sql`insert into team_notes values (1, 99, 'x')`;
      await sql`delete from team_notes where place = 99`;
    });
    expect((await settled(mine)).map((each) => each.eventType)).toEqual(["DELETE"]);
  });

  test("a policy that fails hides its rows and disturbs nobody", async () => {
    const mine = await listenTo(adas, ...marked({ table: "fragile" }));
    await db.sql`insert into fragile select n, 0, n % 3 from generate_series(1, 9) n`;
    const seen = (await settled(mine)).map((each) => each.new.place);
    expect(seen).toEqual([1, 4, 7]);
    expect(harness.complaints).toContainEqual(expect.stringContaining("division by zero"));
  });

  test("anon sees nothing of a table without a policy for it, service_role everything", async () => {
    const anon = await harness.client();
    const service = await harness.client(await signToken(ada, { role: "service_role" }));
    const none = await listenTo(anon, ...marked({ table: "full_notes" }));
    const all = await listenTo(service, { table: "full_notes" });
    await db.sql`insert into full_notes values (7, ${ada}, 'a')`;
    await db.sql`delete from full_notes where id = 7`;
    expect(await all.changes.count(2)).toHaveLength(2);
    expect(await settled(none)).toEqual([]);
  });

  test("columns that the role may not read are left out", async () => {
    const mine = await listenTo(adas, { table: "notes" });
    await db.sql`insert into notes (owner_id, body, secret) values (${ada}, 'a', 'hidden')`;
    const [change] = await mine.changes.count(1);
    expect(Object.keys(change?.new ?? {}).sort()).toEqual(["body", "id", "owner_id", "size"]);
  });

  test("a table without a primary key, or with one that may not be read, is an error", async () => {
    const keyless = await listenTo(adas, { table: "keyless" });
    const hidden = await listenTo(adas, { table: "hidden_key" });
    await db.sql`insert into keyless values ('x')`;
    await db.sql`insert into hidden_key values (1, 'x')`;
    const [bad] = await keyless.changes.count(1);
    const [unauthorised] = await hidden.changes.count(1);
    expect(bad).toMatchObject({ errors: ["Error 400: Bad Request, no primary key"], new: {} });
    expect(unauthorised).toMatchObject({ errors: ["Error 401: Unauthorized"], new: {} });
  });

  test("a token that names a role of the database's owner gets nothing", async () => {
    const client = await harness.client(await signToken(ada, { role: "postgres" }));
    const { system } = join(client, { table: "notes" });
    const [message] = await system.count(1);
    expect(message).toMatchObject({
      status: "error",
      message: expect.stringContaining("postgres"),
    });
  });
});

describe("what is asked for", () => {
  test("filters are joined by AND, on the new row", async () => {
    const filter = 'size=gte.10,body=like.a%,body=not.in.("a,b",ac)';
    const mine = await listenTo(adas, { table: "open_notes", filter });
    const rows: [number, string, string][] = [
      [1, "aa", "9.99"],
      [2, "a,b", "10"],
      [3, "ac", "10"],
      [4, "ba", "10"],
      [5, "ad", "10.0"],
    ];
    for (const [id, body, size] of rows) {
      await db.sql`insert into open_notes (id, body, size) values (${id}, ${body}, ${size})`;
    }
    await db.sql`update open_notes set size = 100 where id = 1`;
    await db.sql`delete from open_notes where id < 5`;
    await db.sql`delete from open_notes where id = 5`;
    const seen = (await mine.changes.count(4)).map((each) => [
      each.eventType,
      each.new.id ?? each.old.id,
    ]);
    expect(seen).toEqual([
      ["INSERT", 5],
      ["UPDATE", 1],
      ["DELETE", 1],
      ["DELETE", 5],
    ]);
  });

  test("a DELETE's filter is tried on what is known of the old row, and fails on what is not", async () => {
    const byKey = await listenTo(adas, {
      table: "team_notes",
      event: "DELETE",
      filter: "place=eq.50",
    });
    const byBody = await listenTo(
      adas,
      ...marked({ table: "team_notes", event: "DELETE", filter: "body=eq.x" }),
    );
    await db.sql`insert into team_notes values (1, 50, 'x')`;
    await db.sql`delete from team_notes where place = 50`;
    expect((await byKey.changes.count(1))[0]?.old).toEqual({ team: 1, place: 50 });
    expect(await settled(byBody)).toEqual([]);
  });

  test("select narrows the columns, the key stays", async () => {
    const mine = await listenTo(adas, { table: "open_notes", event: "INSERT", select: ["body"] });
    await db.sql`insert into open_notes values (60, 'x', '{a}', 1)`;
    expect((await mine.changes.count(1))[0]?.new).toEqual({ id: 60, body: "x" });
  });

  test("two interests of a channel in the same change arrive as they were asked for", async () => {
    const mine = await listenTo(
      adas,
      { table: "open_notes", event: "INSERT", filter: "id=eq.61", select: ["size"] },
      { table: "open_notes", event: "*", filter: "id=eq.61" },
    );
    await db.sql`insert into open_notes values (61, 'x', '{a}', 1.50)`;
    const seen = (await mine.changes.count(2)).map((each) => each.new);
    expect(seen).toContainEqual({ id: 61, size: 1.5 });
    expect(seen).toContainEqual({ id: 61, size: 1.5, body: "x", tags: ["a"] });
  });

  test("a whole schema can be listened to, and tables that are published later belong to it", async () => {
    const mine = await listenTo(adas, { schema: "public" });
    await db.sql.unsafe(`
      create table latecomers (id int primary key);
      alter publication supabase_realtime add table latecomers;
      insert into latecomers values (1);
      insert into open_notes (id) values (62);
    `);
    const seen = (await mine.changes.count(2)).map((each) => each.table);
    expect(seen).toEqual(["latecomers", "open_notes"]);
  });

  test("with REPLICA IDENTITY FULL an UPDATE carries the whole old row", async () => {
    const mine = await listenTo(adas, { table: "open_notes", event: "UPDATE", filter: "id=eq.63" });
    await db.sql`insert into open_notes values (63, 'before', '{a,b}', 1)`;
    await db.sql`update open_notes set body = 'after' where id = 63`;
    const [change] = await mine.changes.count(1);
    expect(change?.old).toEqual({ id: 63, body: "before", tags: ["a", "b"], size: 1 });
  });

  test("an unchanged toasted value is left out", async () => {
    const big = Array.from({ length: 500 }, () => randomUUID()).join("");
    const mine = await listenTo(adas, { table: "notes", event: "UPDATE" });
    await db.sql`insert into notes (owner_id, body) values (${ada}, ${big})`;
    await db.sql`update notes set size = 77 where body = ${big}`;
    const [change] = await mine.changes.count(1);
    expect(Object.keys(change?.new ?? {}).sort()).toEqual(["id", "owner_id", "size"]);
  });

  test("of a change above 1 MiB only the small values are kept", async () => {
    const mine = await listenTo(adas, { table: "open_notes", filter: "id=eq.64" });
    await db.sql`insert into open_notes values (64, ${"x".repeat(1024 * 1024)}, '{a}', 1)`;
    const [change] = await mine.changes.count(1);
    expect(change?.errors).toEqual(["Error 413: Payload Too Large"]);
    expect(change?.new).toEqual({ id: 64, tags: ["a"], size: 1 });
  });

  test.each<[string, Interest]>([
    ["Please check Realtime is enabled", { table: "unpublished" }],
    ["invalid column for filter nope", { table: "open_notes", filter: "nope=eq.1" }],
    ["invalid column for filter secret", { table: "notes", filter: "secret=eq.1" }],
    ["invalid column for select nope", { table: "open_notes", select: ["nope"] }],
    ["invalid input syntax for type integer", { table: "open_notes", filter: "id=eq.one" }],
    ["invalid regular expression", { table: "open_notes", filter: "body=match.[" }],
    ["requires a boolean column", { table: "open_notes", filter: "body=is.true" }],
    ["operator does not exist", { table: "open_notes", filter: "id=like.1%" }],
    ["Error parsing `filter` params", { table: "open_notes", filter: "id=foo.1" }],
    ["not supported for wildcard", { schema: "public", table: "*", select: ["id"] }],
  ])("what cannot be served is told: %s", async (reason, interest) => {
    const { system, channel } = join(adas, interest);
    const [message] = await system.count(1);
    expect(message).toMatchObject({
      extension: "postgres_changes",
      status: "error",
      message: expect.stringContaining(reason),
      channel: channel.subTopic,
    });
  });
});

describe("many at once", () => {
  test("20 parallel INSERTs, UPDATEs and DELETEs all arrive, in an order that makes sense", async () => {
    const mine = await listenTo(
      adas,
      { table: "notes", filter: `owner_id=eq.${ada}` },
      { table: "notes", event: "DELETE" },
    );
    const ids = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all(
      ids.map((id) => db.sql`insert into notes (id, owner_id) values (${id}, ${ada})`),
    );
    await Promise.all(ids.map((id) => db.sql`update notes set body = 'x' where id = ${id}`));
    await Promise.all(ids.map((id) => db.sql`delete from notes where id = ${id}`));
    const changes = await mine.changes.count(60);
    for (const id of ids) {
      const ofRow = changes.filter((each) => each.new.id === id || each.old.id === id);
      expect(ofRow.map((each) => each.eventType)).toEqual(["INSERT", "UPDATE", "DELETE"]);
    }
  });

  test("a transaction of 20,000 rows arrives whole and in order", async () => {
    const service = await harness.client(await signToken(ada, { role: "service_role" }));
    const mine = await listenTo(service, { table: "team_notes", event: "INSERT" });
    await db.sql`insert into team_notes select 3, n, 'x' from generate_series(1, 20000) n`;
    const places = (await mine.changes.count(20_000)).map((each) => each.new.place);
    expect(places).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
  });
});

test("the API keys are roles of their own", async () => {
  expect(KEYS.publishable).toMatch(/^sb_publishable_/);
  const anon = await harness.client();
  const mine = await listenTo(anon, { table: "open_notes", filter: "id=eq.65" });
  await db.sql`insert into open_notes (id) values (65)`;
  expect(await mine.changes.count(1)).toHaveLength(1);
});

test("a row is not asked about before its commit is visible to others", async () => {
  await db.sql`insert into teams values (9, ${ada})`;
  const mine = await listenTo(adas, { table: "team_notes", event: "INSERT", filter: "team=eq.9" });
  const writers = Array.from({ length: 6 }, async (_, writer) => {
    for (let n = 0; n < 200; n += 1) {
      await db.sql`insert into team_notes values (9, ${writer * 1000 + n}, 'x')`;
    }
  });
  await Promise.all(writers);
  expect(await mine.changes.count(1_200)).toHaveLength(1_200);
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  databaseUrl,
  type RunningPostgres,
  SUPERUSER,
  startPostgres,
} from "../../supabase/embedded/postgres/cluster.ts";
import { prepareDatabase } from "../../supabase/embedded/postgres/prepare.ts";
import { type Harness, listenTo, serveRealtime, signToken } from "./realtime-harness.ts";

const ada = "0a000000-0000-4000-8000-00000000000a";
const folder = mkdtempSync(join(tmpdir(), "otis-test-"));
const options = {
  dataDir: join(folder, "data"),
  logFile: join(folder, "postgres.log"),
  port: 0,
  password: "postgres",
  durable: false,
};
let server: RunningPostgres;
let url: string;
let sql: Sql;
let harness: Harness;

beforeAll(async () => {
  server = await startPostgres(options);
  url = databaseUrl(server.port, options.password);
  await prepareDatabase(databaseUrl(server.port, options.password, { user: SUPERUSER }));
  sql = postgres(url, { max: 2, onnotice() {} });
  await sql.unsafe(`
    create table notes (id int primary key, owner_id uuid not null, body text);
    alter table notes enable row level security;
    create policy "own rows" on notes for select to authenticated using (owner_id = (select auth.uid()));
    alter publication supabase_realtime add table notes;
  `);
  harness = await serveRealtime(url);
});

afterAll(async () => {
  await harness.close();
  await sql.end({ timeout: 1 });
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function restart(stop: () => Promise<unknown>): Promise<void> {
  const { port } = server;
  await stop();
  await server.exited;
  server = await startPostgres({ ...options, port });
}

test.each([
  ["restarts", () => server.stop()],
  ["is killed", async () => process.kill(server.pid, "SIGKILL")],
])(
  "when Postgres %s, subscribers keep their connection and are told to catch up",
  async (_, stop) => {
    const client = await harness.client(await signToken(ada));
    const { changes, system, statuses } = await listenTo(client, {
      table: "notes",
      event: "INSERT",
    });
    const before = system.items.length;
    await restart(stop);
    await system.count(before + 1);
    expect(system.items.at(-1)).toMatchObject({
      status: "ok",
      message: "Subscribed to PostgreSQL",
    });
    const [row] = await sql`
    insert into notes select coalesce(max(id), 0) + 1, ${ada} from notes returning id
  `;
    expect((await changes.count(1)).map((each) => each.new.id)).toEqual([row?.id]);
    expect(statuses.items).toEqual(["SUBSCRIBED"]);
    const slots = await sql`select slot_name from pg_replication_slots`;
    expect(slots).toHaveLength(1);
    await client.removeAllChannels();
  },
);

test("who joins while Postgres is away is subscribed when it is back", async () => {
  const client = await harness.client(await signToken(ada));
  let listening: ReturnType<typeof listenTo> | undefined;
  await restart(async () => {
    await server.stop();
    listening = listenTo(client, { table: "notes", filter: "body=eq.later" });
  });
  const { changes } = (await listening) ?? {};
  await sql`insert into notes values (100, ${ada}, 'later')`;
  expect(await changes?.count(1)).toHaveLength(1);
});

test("a session that is terminated in Postgres costs subscribers nothing but a catch-up", async () => {
  const client = await harness.client(await signToken(ada));
  const { changes, system } = await listenTo(client, { table: "notes", filter: "id=eq.110" });
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'realtime'`;
  await system.count(2);
  await sql`insert into notes values (110, ${ada}, 'x')`;
  expect(await changes.count(1)).toHaveLength(1);
});

test("columns that are added, renamed, changed and dropped show from the next row on", async () => {
  const client = await harness.client(await signToken(ada));
  const { changes } = await listenTo(client, { table: "notes", event: "INSERT" });
  const add = async (id: number) => {
    await sql`insert into notes (id, owner_id) values (${id}, ${ada})`;
    const found = await changes.until((all) => all.some((each) => each.new.id === id));
    return found.find((each) => each.new.id === id)?.new;
  };
  expect(await add(200)).toEqual({ id: 200, owner_id: ada, body: null });
  await sql`alter table notes add column size numeric not null default 1.5`;
  expect(await add(201)).toEqual({ id: 201, owner_id: ada, body: null, size: 1.5 });
  await sql`alter table notes rename column size to length`;
  expect(await add(202)).toEqual({ id: 202, owner_id: ada, body: null, length: 1.5 });
  await sql`alter table notes alter column length type text`;
  expect(await add(203)).toEqual({ id: 203, owner_id: ada, body: null, length: "1.5" });
  await sql`alter table notes drop column length`;
  expect(await add(204)).toEqual({ id: 204, owner_id: ada, body: null });
});

test("a policy or grant that changes takes effect with the next row", async () => {
  const client = await harness.client(await signToken(ada));
  const { changes } = await listenTo(client, { table: "notes", event: "INSERT" });
  const other = "0b000000-0000-4000-8000-00000000000b";
  await sql`insert into notes values (298, ${other}), (299, ${ada})`;
  await changes.count(1);
  await sql`create policy "all rows" on notes for select to authenticated using (true)`;
  await sql`insert into notes values (301, ${other})`;
  await changes.count(2);
  await sql`revoke select on notes from authenticated`;
  await sql`grant select (id, owner_id) on notes to authenticated`;
  await sql`insert into notes values (302, ${ada})`;
  const seen = (await changes.count(3)).map((each) => each.new);
  expect(seen).toEqual([
    { id: 299, owner_id: ada, body: null },
    { id: 301, owner_id: other, body: null },
    { id: 302, owner_id: ada },
  ]);
  await sql`drop policy "all rows" on notes`;
  await sql`grant select on notes to authenticated`;
});

test("a subscription whose filter loses its column is told, one whose column changes type goes on", async () => {
  await sql`alter table notes add column size int, add column shade text`;
  const client = await harness.client(await signToken(ada));
  const lost = await listenTo(client, { table: "notes", filter: "shade=eq.red" });
  const kept = await listenTo(client, { table: "notes", filter: "size=eq.1" });
  await sql`alter table notes drop column shade, alter column size type numeric`;
  await sql`insert into notes (id, owner_id, size) values (400, ${ada}, 1.00)`;
  expect(await kept.changes.count(1)).toHaveLength(1);
  await lost.system.count(2);
  expect(lost.system.items.at(-1)).toMatchObject({
    status: "error",
    message: expect.stringContaining("invalid column for filter shade"),
  });
});

test("a missing publication is waited for", async () => {
  const early = await serveRealtime(url, { publication: "made_later" });
  const client = await early.client(await signToken(ada, { role: "service_role" }));
  const listening = listenTo(client, { table: "notes", filter: "id=eq.500" });
  await sql`create publication made_later for table notes`;
  const { changes } = await listening;
  await sql`insert into notes (id, owner_id) values (500, ${ada})`;
  expect(await changes.count(1)).toHaveLength(1);
  await early.close();
});

test("closing leaves no slot and no session behind, even right after the start", async () => {
  await harness.close();
  const hasty = await serveRealtime(url);
  await hasty.close();
  // Postgres shows a backend for a moment after it has let go of its slot.
  await expect.poll(() => sql`select slot_name from pg_replication_slots`).toEqual([]);
  await expect
    .poll(() => sql`select pid from pg_stat_activity where application_name = 'realtime'`)
    .toEqual([]);
});

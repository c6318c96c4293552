import { afterAll, expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { listenTo, serveRealtime, signToken } from "./realtime-harness.ts";

const db = await testDatabase();
await db.sql.unsafe(`
  create table notes (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null,
    body text,
    size int8
  );
  alter table notes enable row level security;
  create policy "own rows" on notes for all to authenticated using (owner_id = (select auth.uid()));
  alter publication supabase_realtime add table notes;
`);
const harness = await serveRealtime(db.url);
afterAll(() => harness.close());

const ada = await db.createUser();

test("a user receives her own INSERT, UPDATE and DELETE", async () => {
  const client = await harness.client(await signToken(ada));
  const { changes } = await listenTo(client, { table: "notes" });
  const [row] =
    await db.sql`insert into notes (owner_id, body, size) values (${ada}, 'a', 9007199254740991) returning id`;
  await db.sql`update notes set body = 'b' where id = ${row?.id}`;
  await db.sql`delete from notes where id = ${row?.id}`;
  const [inserted, updated, deleted] = await changes.count(3);
  expect(inserted).toMatchObject({
    eventType: "INSERT",
    schema: "public",
    table: "notes",
    errors: null,
    new: { id: row?.id, owner_id: ada, body: "a", size: 9007199254740991 },
    old: {},
  });
  expect(updated).toMatchObject({ eventType: "UPDATE", new: { body: "b" }, old: { id: row?.id } });
  expect(deleted).toMatchObject({ eventType: "DELETE", new: {}, old: { id: row?.id } });
});

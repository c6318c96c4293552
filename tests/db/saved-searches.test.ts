import { expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { createSession } from "./live-tables.ts";

const db = await testDatabase();

it("tells the owner once of new postings that match a saved search, when their run ends", async () => {
  const owner = await db.createUser();
  const session = await createSession(db, owner);
  const save = (name: string, query: object, user = owner) =>
    db.as(
      user,
      (sql) =>
        sql`insert into public.saved_searches (name, query) values (${name}, ${sql.json({ ...query })})`,
    );
  await save("Engineers in Utrecht", { text: "engineer", city: "utrecht" });
  await save("Remote", { workplace: "remote" });
  await save("Not hers", { text: "engineer" }, await db.createUser());
  await db.sql`insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title, city)
    select ${session.id}, ${session.companyIds[0] ?? ""}, ${session.runId}, t, t, 'Utrecht'
    from unnest(array['Data Engineer', 'Engineer', 'Nurse']) t`;
  await db.sql`update public.scraping_runs set status = 'running' where id = ${session.runId}`;
  await db.sql`update public.scraping_runs set status = 'completed', outcome = 'found' where id = ${session.runId}`;
  const notes = await db.sql`select owner_id, title, body from public.notifications`;
  expect([...notes]).toEqual([
    {
      owner_id: owner,
      title: "2 new postings: Engineers in Utrecht",
      body: "Data Engineer and 1 more",
    },
  ]);
});

it("has names of any characters, and at most 100 searches an owner", async () => {
  const owner = await db.createUser();
  const session = await createSession(db, owner);
  const save = (names: string[]) =>
    db.as(
      owner,
      (sql) => sql`insert into public.saved_searches (name) select unnest(${names}::text[])`,
    );
  await save(["🦊".repeat(120)]);
  await expect(
    save(Array.from({ length: 100 }, (_, index) => `search ${index}`)),
  ).rejects.toMatchObject({ code: "PT409", message: "too_many" });
  await db.sql`insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title)
    values (${session.id}, ${session.companyIds[0] ?? ""}, ${session.runId}, 'k', ${"ß".repeat(100)})`;
  await db.sql`update public.scraping_runs set status = 'running' where id = ${session.runId}`;
  await db.sql`update public.scraping_runs set status = 'completed', outcome = 'found' where id = ${session.runId}`;
  const [note] = await db.sql`select title from public.notifications where owner_id = ${owner}`;
  expect(note?.title).toContain("🦊🦊");
});

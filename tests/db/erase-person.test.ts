import { describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { createSession } from "./live-tables.ts";

const db = await testDatabase();
const PERSON = "ada@lovelace.example";

async function personEverywhere(owner: string) {
  const session = await createSession(db, owner);
  const [company = ""] = session.companyIds;
  await db.sql`insert into public.contacts (owner_id, company_id, kind, email, email_status, full_name, value_key, provider, confidence)
    values (${owner}, ${company}, 'person', ${PERSON}, 'found', 'Ada Lovelace', 'k', 'website', 1)`;
  await db.sql`insert into public.company_facts (owner_id, company_id, key, value, provider, confidence)
    values (${owner}, ${company}, 'contact', ${`Write to ${PERSON.toUpperCase()}`}, 'website', 1)`;
  await db.sql`insert into otis.purchases (owner_id, provider, subject_key, item_id, lease, batch_id, status_id, cost, result)
    values (${owner}, 'apollo', 'lovelace.example', gen_random_uuid(), 1, gen_random_uuid(), gen_random_uuid(), 1, ${db.sql.json({ email: PERSON })})`;
  const upload = crypto.randomUUID();
  await db.as(
    owner,
    (sql) =>
      sql`select public.append_upload(${upload}, 'leads.csv', 0, ${Buffer.from(`email\n${PERSON}\n`).toString("base64")}, true)`,
  );
  const [campaign] = await db.sql<
    { id: string }[]
  >`insert into public.campaigns (session_id, name) values (${session.id}, 'C') returning id`;
  await db.sql`insert into public.campaign_leads (session_id, campaign_id, company_id, email, full_name, personal_line)
    values (${session.id}, ${campaign?.id ?? ""}, ${company}, ${PERSON}, 'Ada Lovelace', 'Dear Ada')`;
  await db.sql`update public.campaign_leads set status = 'ready' where email = ${PERSON} and owner_id = ${owner}`;
  return { ...session, company, campaign: campaign?.id ?? "" };
}

/** Every table of the database whose rows of this owner, as text, still name the person. */
async function tracesOf(owner: string): Promise<string[]> {
  const tables = await db.sql<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'owner_id'
    where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'otis'::regnamespace)`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await db.sql.unsafe(
      `select 1 from ${name} t where t.owner_id = $1 and (t::text ilike '%ada@lovelace%' or t::text ilike '%Ada Lovelace%' or t::text ilike '%Dear Ada%') limit 1`,
      [owner],
    );
    if (rows.length > 0) found.push(name);
  }
  const chunks =
    await db.sql`select 1 from otis.upload_chunks k join public.uploads u on u.id = k.upload_id
    where u.owner_id = ${owner} and position(convert_to(${PERSON}, 'UTF8') in k.bytes) > 0`;
  return chunks.length > 0 ? [...found, "otis.upload_chunks"] : found;
}

const erase = (user: string) =>
  db.as(user, (sql) => sql`select public.erase_person(${` ${PERSON.toUpperCase()}`})`);

describe("a person who asks to be forgotten", () => {
  it("is gone from every table of the caller, and from nobody else's", async () => {
    const owner = await db.createUser();
    const other = await db.createUser();
    await personEverywhere(owner);
    await personEverywhere(other);
    expect((await tracesOf(owner)).length).toBeGreaterThanOrEqual(5);
    await erase(owner);
    expect(await tracesOf(owner)).toEqual([]);
    expect((await tracesOf(other)).length).toBeGreaterThanOrEqual(5);
    await db.sql`select otis.erase_person(${PERSON})`;
    expect(await tracesOf(other)).toEqual([]);
  });

  it("cannot come back by an import or an enrichment", async () => {
    const owner = await db.createUser();
    const { id, company, campaign } = await personEverywhere(owner);
    await erase(owner);
    await db.sql`insert into public.campaign_leads (session_id, campaign_id, company_id, email) values (${id}, ${campaign}, ${company}, ${PERSON})`;
    const leads =
      await db.sql`select status, email from public.campaign_leads where campaign_id = ${campaign}`;
    expect(leads.map(({ status, email }) => [status, email])).toEqual([
      ["suppressed", null],
      ["suppressed", null],
    ]);
    expect(await tracesOf(owner)).toEqual([]);
  });

  it("is refused by name when the address is none", async () => {
    const owner = await db.createUser();
    await expect(
      db.as(owner, (sql) => sql`select public.erase_person('not an address')`),
    ).rejects.toMatchObject({
      code: "PT400",
      message: "invalid_input",
    });
  });
});

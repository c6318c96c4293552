import { describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { createSession } from "./live-tables.ts";

const db = await testDatabase();
const PERSON = "ada@lovelace.example";

/** What a page says of a company and of a posting, as a scrape and an enrichment write it. */
async function publish(owner: string, company: string, posting: string) {
  await db.sql`insert into public.company_facts (owner_id, company_id, key, value, provider, confidence)
    values (${owner}, ${company}, 'contact', ${`Write to ${PERSON.toUpperCase()}`}, 'website', 1)`;
  await db.sql`update public.companies set description = ${`Ask ${PERSON.toUpperCase()} for more`} where id = ${company}`;
  await db.sql`insert into public.job_posting_texts (posting_id, owner_id, description_text, description_html)
    values (${posting}, ${owner}, ${`Apply to ${PERSON}.`}, '<p>Apply to <a href="mailto:Ada@Lovelace.example?subject=Job">us</a> or bob@acme.example.</p>')
    on conflict (posting_id) do update set description_text = excluded.description_text, description_html = excluded.description_html`;
}

async function personEverywhere(owner: string) {
  const session = await createSession(db, owner);
  const [company = ""] = session.companyIds;
  await db.sql`select otis.store_contacts(${owner}, ${company}, ${db.sql.json([
    { kind: "person", full_name: "Ada Lovelace", email: PERSON, provider: "website" },
    { kind: "phone", full_name: "Ada Lovelace", phone: "+44 1", provider: "website" },
  ])})`;
  await db.sql`insert into otis.purchases (owner_id, provider, subject_key, item_id, lease, batch_id, status_id, cost, result)
    values (${owner}, 'apollo', 'lovelace.example', gen_random_uuid(), 1, gen_random_uuid(), gen_random_uuid(), 1, ${db.sql.json({ email: PERSON })})`;
  const [posting] = await db.sql<{ id: string }[]>`
    insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title)
    values (${session.id}, ${company}, ${session.runId}, 'c:1', 'Programmer') returning id`;
  await publish(owner, company, posting?.id ?? "");
  const encodings = [
    Buffer.from(`email\n${PERSON}\n`),
    Buffer.from("email\nAda@Lovelace.example\n"),
    Buffer.from(`email\n${PERSON}\n`, "utf16le"),
  ];
  for (const bytes of encodings)
    await db.as(
      owner,
      (sql) =>
        sql`select public.append_upload(${crypto.randomUUID()}, 'leads.csv', 0, ${bytes.toString("base64")}, true)`,
    );
  const cut = crypto.randomUUID();
  for (const [seq, text] of ["email\nada@love", "lace.example\n"].entries())
    await db.as(
      owner,
      (sql) =>
        sql`select public.append_upload(${cut}, 'cut.csv', ${seq}, ${Buffer.from(text).toString("base64")}, ${seq === 1})`,
    );
  await db.as(
    owner,
    (sql) =>
      sql`select public.append_upload(${crypto.randomUUID()}, 'others.csv', 0, ${Buffer.from("bob@acme.example").toString("base64")}, true)`,
  );
  const [campaign] = await db.sql<
    { id: string }[]
  >`insert into public.campaigns (session_id, name) values (${session.id}, 'C') returning id`;
  await db.sql`insert into public.campaign_leads (session_id, campaign_id, company_id, email, full_name, personal_line)
    values (${session.id}, ${campaign?.id ?? ""}, ${company}, ${PERSON}, 'Ada Lovelace', 'Dear Ada')`;
  await db.sql`update public.campaign_leads set status = 'ready' where email = ${PERSON} and owner_id = ${owner}`;
  return { ...session, company, campaign: campaign?.id ?? "", posting: posting?.id ?? "" };
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
  const uploads =
    await db.sql`select 1 from public.uploads where owner_id = ${owner} and name <> 'others.csv'`;
  return uploads.length > 0 ? [...found, "public.uploads"] : found;
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
    await db.sql`select otis.erase_person_of(${other}, ${PERSON})`;
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

  it("does not come back in a text that is read from the web again", async () => {
    const owner = await db.createUser();
    const { company, posting } = await personEverywhere(owner);
    await erase(owner);
    await db.sql`delete from public.company_facts where company_id = ${company}`;
    await publish(owner, company, posting);
    expect(await tracesOf(owner)).toEqual([]);
    const [text] =
      await db.sql`select description_text, description_html from public.job_posting_texts where posting_id = ${posting}`;
    expect(text).toEqual({
      description_text: "Apply to ….",
      description_html:
        '<p>Apply to <a href="mailto:…?subject=Job">us</a> or bob@acme.example.</p>',
    });
  });

  it("is not found again without an address", async () => {
    const owner = await db.createUser();
    const { company } = await personEverywhere(owner);
    await erase(owner);
    await db.sql`select otis.store_contacts(${owner}, ${company}, ${db.sql.json([
      { kind: "person", full_name: "Ada Lovelace", role: "Countess", provider: "website" },
      { kind: "phone", phone: "+44 1", full_name: "Ada Lovelace", provider: "website" },
      { kind: "person", full_name: "Charles Babbage", provider: "website" },
    ])})`;
    const names =
      await db.sql`select full_name from public.contacts where company_id = ${company} order by 1`;
    expect(names.map(({ full_name }) => full_name)).toEqual(["Charles Babbage"]);
  });

  it("is not kept by an answer that was paid for meanwhile", async () => {
    const owner = await db.createUser();
    await personEverywhere(owner);
    await erase(owner);
    const item = crypto.randomUUID();
    const session = await createSession(db, owner);
    const [batch] = await db.sql<{ id: string }[]>`
      insert into public.enrichment_batches (session_id, cost_ceiling) values (${session.id}, 10) returning id`;
    await db.sql`insert into otis.purchases (owner_id, provider, subject_key, item_id, lease, batch_id, status_id, cost)
      values (${owner}, 'apollo', 'late.example', ${item}, 1, ${batch?.id ?? ""}, gen_random_uuid(), 1)`;
    await db.sql`select otis.record_purchase(${item}, 1, 'apollo', 'late.example',
      ${db.sql.json({ people: [{ email: PERSON.toUpperCase() }] })})`;
    expect(await tracesOf(owner)).toEqual([]);
  });

  it("stays on the list, whatever her owner did or does", async () => {
    const owner = await db.createUser();
    await db.as(owner, (sql) => sql`select public.suppress(array[${PERSON}])`);
    await erase(owner);
    await db.as(owner, (sql) => sql`select public.suppress(array['b@acme.example'])`);
    const removed = await db.as(
      owner,
      (sql) => sql`delete from public.suppressions returning reason`,
    );
    expect(removed.map(({ reason }) => reason)).toEqual(["asked"]);
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

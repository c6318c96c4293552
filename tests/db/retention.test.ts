import { expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { createSession } from "./live-tables.ts";

const db = await testDatabase();

const keepHouse = async () => {
  const [row] = await db.sql<{ done: Record<string, number> }[]>`select otis.keep_house() as done`;
  return row?.done ?? {};
};

it("deletes nothing that is not past its date", async () => {
  const session = await createSession(db, await db.createUser());
  await db.sql`insert into otis.work_timings (kind, provider, session_id, result, due_at, started_at)
    values ('scrape', 'website', ${session.id}, 'done', '{now}', '{now}')`;
  expect(Object.values(await keepHouse()).every((count) => count === 0)).toBe(true);
});

it("a contact past its date goes, out of the leads made of it and the counts, too", async () => {
  const owner = await db.createUser();
  const session = await createSession(db, owner);
  const [company = ""] = session.companyIds;
  await db.sql`insert into public.contacts (owner_id, company_id, kind, email, email_status, value_key, provider, confidence, retain_until)
    values (${owner}, ${company}, 'email', 'old@acme.example', 'found', 'email:old', 'website', 1, now() - interval '1 day'),
      (${owner}, ${company}, 'email', 'sent@acme.example', 'found', 'email:sent', 'website', 1, now() - interval '1 day'),
      (${owner}, ${company}, 'email', 'new@acme.example', 'found', 'email:new', 'website', 1, now() + interval '1 day')`;
  await db.sql`select otis.refresh_copies(array[${company}]::uuid[])`;
  const [campaign] = await db.sql<{ id: string }[]>`
    insert into public.campaigns (session_id, name) values (${session.id}, 'C') returning id`;
  await db.sql`insert into public.campaign_leads (session_id, campaign_id, company_id, contact_id, email, full_name)
    select ${session.id}, ${campaign?.id ?? ""}, ${company}, k.id, k.email, 'Ann' from public.contacts k where k.company_id = ${company}`;
  for (const status of ["ready", "sent"])
    await db.sql`update public.campaign_leads set status = ${status}, provider_lead_id = 'at the vendor' where email = 'sent@acme.example'`;

  expect(await keepHouse()).toMatchObject({ people: 2 });
  expect(await db.sql`select email from public.contacts where company_id = ${company}`).toEqual([
    { email: "new@acme.example" },
  ]);
  expect(
    await db.sql`select email, full_name, status, error_code from public.campaign_leads
      where campaign_id = ${campaign?.id ?? ""} order by email, status`,
  ).toEqual([
    { email: "new@acme.example", full_name: "Ann", status: "pending", error_code: null },
    // What has happened stays for the counts; at the vendor she is taken out.
    { email: null, full_name: null, status: "sent", error_code: "forgotten" },
    { email: null, full_name: null, status: "suppressed", error_code: "forgotten" },
  ]);
  expect(await db.sql`select provider_lead_id from otis.leads_to_withdraw()`).toEqual([
    { provider_lead_id: "at the vendor" },
  ]);
  expect(
    await db.sql`select emails_count from public.session_companies where company_id = ${company}`,
  ).toEqual([{ emails_count: 1 }]);
});

it("an imported lead is emptied a year after its import, one owner after the other, and the counts stay", async () => {
  const counts = (session: string) => db.sql`
    select c.leads_total, c.leads_sent, s.leads_total as in_session, s.leads_sent as sent_in_session
    from public.campaigns c join public.otis_workflow_sessions s on s.id = c.session_id where s.id = ${session}`;
  const imported = async () => {
    const owner = await db.createUser();
    const session = await createSession(db, owner);
    const [company = ""] = session.companyIds;
    const [campaign] = await db.sql<{ id: string }[]>`
      insert into public.campaigns (session_id, name) values (${session.id}, 'C') returning id`;
    const [contact] = await db.sql<{ id: string }[]>`
      insert into public.contacts (owner_id, company_id, kind, email, email_status, value_key, provider, confidence)
      values (${owner}, ${company}, 'email', 'known@acme.example', 'found', 'email:known', 'website', 1) returning id`;
    const lead = (email: string | null, contactId: string | null, years: number) => db.sql`
      insert into public.campaign_leads (session_id, campaign_id, contact_id, status, email, full_name, company_name, variables, created_at)
      values (${session.id}, ${campaign?.id ?? ""}, ${contactId}, ${email === null ? "skipped" : "pending"}, ${email}, 'Ann', 'Acme',
        '{"title": "CTO"}', now() - ${years} * interval '366 days')`;
    await lead("old@acme.example", null, 1);
    await lead("sent@acme.example", null, 1);
    await lead(null, null, 1);
    await lead("new@acme.example", null, 0);
    await lead("known@acme.example", contact?.id ?? "", 1);
    for (const status of ["ready", "sent"])
      await db.sql`update public.campaign_leads set status = ${status} where session_id = ${session.id} and email = 'sent@acme.example'`;
    return session.id;
  };
  const sessions = [await imported(), await imported()];
  for (const session of sessions)
    expect(await counts(session)).toEqual([
      { leads_total: 5, leads_sent: 1, in_session: 5, sent_in_session: 1 },
    ]);

  expect(await keepHouse()).toMatchObject({ people: 3 });
  expect(await keepHouse()).toMatchObject({ people: 3 });
  expect(await keepHouse()).toMatchObject({ people: 0 });
  const empty = { email: null, full_name: null, variables: {}, error_code: "forgotten" };
  const kept = { full_name: "Ann", variables: { title: "CTO" }, error_code: null };
  for (const session of sessions) {
    expect(
      await db.sql`select email, full_name, variables, status, error_code from public.campaign_leads
        where session_id = ${session} order by email, status`,
    ).toEqual([
      { ...kept, email: "known@acme.example", status: "pending" },
      { ...kept, email: "new@acme.example", status: "pending" },
      { ...empty, status: "sent" },
      { ...empty, status: "suppressed" },
      { ...empty, status: "suppressed" },
    ]);
    expect(await counts(session)).toEqual([
      { leads_total: 5, leads_sent: 1, in_session: 5, sent_in_session: 1 },
    ]);
  }
});

it("every rule deletes what is old", async () => {
  const owner = await db.createUser();
  const session = await createSession(db, owner);
  const past = "2020-01-01";
  await db.sql`insert into otis.work_timings (kind, provider, session_id, result, due_at, started_at, finished_at)
    values ('scrape', 'website', ${session.id}, 'done', ${[past]}, ${[past]}, ${past})`;
  await db.sql`insert into otis.purchases (owner_id, provider, subject_key, item_id, lease, batch_id, status_id, cost, state, bought_at, expires_at)
    values (${owner}, 'apollo', 'acme.example', gen_random_uuid(), 1, gen_random_uuid(), gen_random_uuid(), 1, 'bought', ${past}, ${past})`;
  await db.sql`with connection as (
      insert into public.webhook_connections (owner_id, provider, secret_hash)
      values (${owner}, 'apify', ${"0".repeat(64)}) returning id
    ) insert into otis.webhook_deliveries (connection_id, dispatch_id, received_at) select id, 'd', ${past} from connection`;
  await db.sql`insert into public.uploads (owner_id, name, created_at) values (${owner}, 'old.csv', ${past})`;
  await db.sql`insert into public.client_metrics (owner_id, created_at, transport) values (${owner}, ${past}, 'realtime')`;
  expect(await keepHouse()).toMatchObject({
    "otis.work_timings": 1,
    "otis.purchases": 1,
    "otis.webhook_deliveries": 1,
    "public.uploads": 1,
    "public.client_metrics": 1,
  });
});

it("names only tables and columns that exist", async () => {
  const rules = await db.sql<{ table_name: string; past: string }[]>`
    select table_name::text, past from otis.retention`;
  for (const { table_name, past } of rules) {
    await expect(
      db.sql.unsafe(`select count(*) from ${table_name} where ${past}`),
    ).resolves.toBeDefined();
  }
});

import { beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { createSession } from "./live-tables.ts";

const db = await testDatabase();
const owner = await db.createUser();
const other = await db.createUser();

/** What clients may write beside reading; everything else they change through functions. */
const WRITES: Record<string, { insert?: string[]; update?: string[]; delete?: true }> = {
  otis_workflow_sessions: { update: ["archived_at", "auto_advance", "name"] },
  otis_workflow_data: {
    insert: ["data", "session_id", "stage"],
    update: ["data", "session_id", "stage"],
  },
  campaign_texts: { update: ["body", "personal_line", "sender", "subject", "unsubscribe_text"] },
  suppressions: { delete: true },
  webhook_connections: { delete: true },
  saved_searches: {
    insert: ["active", "name", "query"],
    update: ["active", "name", "query"],
    delete: true,
  },
  client_metrics: {
    insert: [
      "dropped_frames",
      "gaps_healed",
      "latency_p50_ms",
      "latency_p95_ms",
      "reconnects",
      "requests",
      "session_id",
      "transport",
    ],
  },
};

const tables = (
  await db.sql<{ name: string; owned: boolean }[]>`
    select c.relname as name, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'owner_id') as owned
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`
).map((table) => ({ ...table }));
const owned = tables.filter((table) => table.owned).map((table) => table.name);

let session: Awaited<ReturnType<typeof createSession>>;
beforeAll(async () => {
  session = await createSession(db, owner);
  const [company = ""] = session.companyIds;
  const id = session.id;
  await db.sql.begin(async (sql) => {
    await sql`insert into public.otis_workflow_data (session_id, owner_id, stage) values (${id}, ${owner}, 'scraping')`;
    await sql`insert into public.otis_progress_events (session_id, event_type, message) values (${id}, 'test', 'x')`;
    await sql`insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title) values (${id}, ${company}, ${session.runId}, 'k', 'T')`;
    await sql`insert into public.job_posting_texts (posting_id, owner_id) select id, owner_id from public.job_postings`;
    await sql`insert into public.job_posting_sources (posting_id, session_id, owner_id, source_key, source_kind, last_seen_run) select id, session_id, owner_id, 'k', 'csv', run_id from public.job_postings`;
    await sql`insert into public.enrichment_batches (session_id) values (${id})`;
    await sql`insert into public.enrichment_status (session_id, company_id, batch_id) select ${id}, ${company}, id from public.enrichment_batches`;
    await sql`insert into public.contacts (owner_id, company_id, kind, email, email_status, value_key, provider, confidence) values (${owner}, ${company}, 'email', 'a@a.example', 'found', 'k', 'website', 1)`;
    await sql`insert into public.company_facts (owner_id, company_id, key, value, provider, confidence) values (${owner}, ${company}, 'k', 'v', 'website', 1)`;
    await sql`insert into public.campaigns (session_id, name) values (${id}, 'C')`;
    await sql`insert into public.campaign_texts (campaign_id, owner_id) select id, owner_id from public.campaigns`;
    await sql`insert into public.campaign_leads (session_id, campaign_id, company_id, email) select ${id}, id, ${company}, 'a@a.example' from public.campaigns`;
    await sql`insert into public.suppressions (owner_id, kind, domain) values (${owner}, 'domain', 'b.example')`;
    await sql`insert into public.notifications (owner_id, kind, title) values (${owner}, 'test', 'x')`;
    await sql`insert into public.saved_searches (owner_id, name) values (${owner}, 'x')`;
    await sql`insert into public.client_metrics (owner_id, transport) values (${owner}, 'sse')`;
    await sql`insert into public.uploads (owner_id, name) values (${owner}, 'x')`;
    await sql`insert into public.webhook_connections (owner_id, provider, secret_hash) values (${owner}, 'apify', ${"0".repeat(64)})`;
  });
});

const count = async (actor: string, table: string) => {
  const [row] = await db.as(
    actor,
    (sql) => sql`select count(*)::int as n from public.${sql(table)}`,
  );
  return row?.n as number;
};

describe("row security", () => {
  it.each(owned)(
    "shows rows of %s to their owner, to nobody else, and to the service",
    async (table) => {
      const [all] = await db.sql`select count(*)::int as n from public.${db.sql(table)}`;
      expect(all?.n).toBeGreaterThan(0);
      expect(await count(owner, table)).toBe(all?.n);
      expect(await count(other, table)).toBe(0);
      await expect(count("anon", table)).rejects.toMatchObject({ code: "42501" });
      expect(await count("service_role", table)).toBe(all?.n);
    },
  );

  it.each(tables.map((table) => table.name))(
    "grants clients exactly what they may write of %s",
    async (table) => {
      const granted = await db.sql<{ privilege: string; columns: string[] }[]>`
      select lower(privilege_type) as privilege, array_agg(column_name::text order by column_name) as columns
      from information_schema.column_privileges
      where grantee = 'authenticated' and table_schema = 'public' and table_name = ${table} and privilege_type in ('INSERT', 'UPDATE')
      group by 1`;
      const [may] =
        await db.sql`select has_table_privilege('authenticated', ${`public.${table}`}, 'delete') as remove,
      has_table_privilege('authenticated', ${`public.${table}`}, 'truncate') as truncate`;
      const expected = WRITES[table] ?? {};
      const actual = Object.fromEntries(granted.map((grant) => [grant.privilege, grant.columns]));
      expect(actual).toEqual({
        ...(expected.insert ? { insert: expected.insert } : {}),
        ...(expected.update ? { update: expected.update } : {}),
      });
      expect(may).toEqual({ remove: expected.delete ?? false, truncate: false });
    },
  );

  it("lets nobody write into another user's session, whatever she names", async () => {
    const asOther = (work: Parameters<typeof db.as>[1]) => db.as(other, work);
    expect(
      (await asOther(
        (sql) => sql`update public.otis_workflow_sessions set name = 'mine' returning 1`,
      )) as unknown[],
    ).toHaveLength(0);
    await expect(
      asOther(
        (sql) =>
          sql`insert into public.otis_workflow_data (session_id, stage) values (${session.id}, 'results')`,
      ),
    ).rejects.toMatchObject({ code: "42501" });
    expect(
      (await asOther((sql) => sql`delete from public.suppressions returning 1`)) as unknown[],
    ).toHaveLength(0);
    await expect(
      asOther(
        (sql) =>
          sql`insert into public.client_metrics (owner_id, transport) values (${owner}, 'sse')`,
      ),
    ).rejects.toMatchObject({ code: "42501" });
    await expect(asOther((sql) => sql`select * from otis.audit_log`)).rejects.toMatchObject({
      code: "42501",
    });
    await expect(asOther((sql) => sql`select * from inspect.sessions`)).rejects.toMatchObject({
      code: "42501",
    });
  });

  it("takes the owner of a live row from its session, not from who writes it", async () => {
    await db.sql`insert into public.otis_progress_events (session_id, owner_id, event_type, message) values (${session.id}, ${other}, 'test', 'x')`;
    expect(await count(other, "otis_progress_events")).toBe(0);
  });
});

import type { Sql } from "postgres";

/** Companies that a source names at a time. */
const CHUNK = 100;

/**
 * A session with so many companies, and so many postings of each, written past the queue: source by
 * source, as they come while OTIS reads.
 */
export async function insertHugeSession(
  sql: Sql,
  ownerId: string,
  { companies, postingsEach }: { readonly companies: number; readonly postingsEach: number },
): Promise<string> {
  const [session] = await sql<{ id: string }[]>`
    insert into public.otis_workflow_sessions (owner_id, name)
    values (${ownerId}, 'Everybody who is hiring') returning id`;
  const id = session?.id ?? "";
  const [run] = await sql<{ id: string }[]>`
    insert into public.scraping_runs (session_id, owner_id, source_kind, source_key, source_label)
    values (${id}, ${ownerId}, 'feed', 'https://jobs.example.com/feed.xml', 'jobs.example.com') returning id`;
  for (let first = 1; first <= companies; first += CHUNK) {
    const added = await sql<{ company_id: string }[]>`
      with known as (
        insert into public.companies (owner_id, name, normalised_name, domain)
        select ${ownerId}, 'Company number ' || n, 'company ' || n, 'company-' || n || '.example.com'
        from generate_series(${first}::int, ${first + CHUNK - 1}::int) n
        returning id, name, domain
      )
      insert into public.session_companies
        (session_id, owner_id, company_id, name, domain, industry, employees, city, country)
      select ${id}, ${ownerId}, id, name, domain, 'Software development', 120, 'Amsterdam', 'NL' from known
      returning company_id`;
    await sql`
      insert into public.job_postings (
        session_id, owner_id, company_id, run_id, dedupe_key, title, department, location, city, region, country,
        workplace, employment_type, url, sources, posted_at)
      select ${id}, ${ownerId}, c.id, ${run?.id ?? ""}, md5(c.id::text || n),
        'Senior software engineer ' || substr(c.name, 16) || '-' || n, 'Engineering',
        'Amsterdam, Netherlands', 'Amsterdam', 'Noord-Holland', 'NL', 'hybrid', 'full_time',
        'https://boards.greenhouse.io/' || c.domain || '/jobs/' || n, array['feed'], now() - n * interval '1 day'
      from public.companies c, generate_series(1, ${postingsEach}::int) n
      where c.id = any(${added.map(({ company_id }) => company_id)}::uuid[])`;
  }
  await sql`analyze`;
  return id;
}

/** Writes every company of the session again, as an enrichment does: their revisions are the newest. */
export async function touchCompanies(sql: Sql, sessionId: string): Promise<void> {
  await sql`update public.session_companies set enriched_at = now() where session_id = ${sessionId}`;
}

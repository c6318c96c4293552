import type { Sql } from "postgres";

/** A session with so many companies, and so many postings of each, written past the queue. */
export async function insertHugeSession(
  sql: Sql,
  ownerId: string,
  { companies, postingsEach }: { readonly companies: number; readonly postingsEach: number },
): Promise<string> {
  const [session] = await sql<{ id: string }[]>`
    insert into public.otis_workflow_sessions (owner_id, name)
    values (${ownerId}, 'Everybody who is hiring') returning id`;
  const id = session?.id ?? "";
  await sql`
    with known as (
      insert into public.companies (owner_id, name, normalised_name, domain)
      select ${ownerId}, 'Company number ' || n, 'company ' || n, 'company-' || n || '.example.com'
      from generate_series(1, ${companies}::int) n
      returning id, name, domain
    )
    insert into public.session_companies
      (session_id, owner_id, company_id, name, domain, industry, employees, city, country)
    select ${id}, ${ownerId}, id, name, domain, 'Software development', 120, 'Amsterdam', 'NL' from known`;
  const [run] = await sql<{ id: string }[]>`
    insert into public.scraping_runs (session_id, owner_id, source_kind, source_key, source_label)
    values (${id}, ${ownerId}, 'feed', 'https://jobs.example.com/feed.xml', 'jobs.example.com') returning id`;
  for (let number = 0; number < postingsEach; number += 1)
    await sql`
      insert into public.job_postings (
        session_id, owner_id, company_id, run_id, dedupe_key, title, department, location, city, region, country,
        workplace, employment_type, url, sources, posted_at)
      select ${id}, ${ownerId}, company_id, ${run?.id ?? ""}, md5(company_id::text || ${number}::int),
        'Senior software engineer ' || substr(name, 16) || '-' || ${number}::int, 'Engineering',
        'Amsterdam, Netherlands', 'Amsterdam', 'Noord-Holland', 'NL', 'hybrid', 'full_time',
        'https://boards.greenhouse.io/' || domain || '/jobs/' || ${number}::int, array['feed'],
        now() - ${number}::int * interval '1 day'
      from public.session_companies where session_id = ${id}`;
  return id;
}

import type { Browser } from "playwright-core";
import type { Sql } from "postgres";
import type { Address, Seat } from "./live-client.ts";

const COMPANIES = 10_000;
const POSTINGS_EACH = 5;

/** Fills a session with 10,000 companies and 50,000 postings, each row as long as they usually are. */
export async function fillSession(sql: Sql, { sessionId }: Seat): Promise<void> {
  await sql`
    with known as (
      insert into public.companies (owner_id, name, normalised_name, domain)
      select s.owner_id, 'Company number ' || n, s.id::text || n, 'company-' || n || '.example.com'
      from public.otis_workflow_sessions s, generate_series(1, ${COMPANIES}::int) n where s.id = ${sessionId}
      returning id, name, domain)
    insert into public.session_companies (session_id, company_id, name, domain, industry, employees, city, country)
    select ${sessionId}, id, name, domain, 'Software development', 120, 'Amsterdam', 'NL' from known
  `;
  await sql`
    insert into public.scraping_runs (session_id, source_kind, source_key, source_label)
    values (${sessionId}, 'feed', 'https://example.com/jobs', 'Example')
  `;
  for (let n = 0; n < POSTINGS_EACH; n++) {
    await sql`
      insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title, department, location, city,
        region, country, workplace, employment_type, url, sources, posted_at)
      select c.session_id, c.company_id, r.id, md5(c.company_id::text || ${n}::text), 'Senior Software Engineer ' || c.name,
        'Engineering', 'Amsterdam, Netherlands', 'Amsterdam', 'Noord-Holland', 'NL', 'hybrid', 'full_time',
        'https://boards.example.com/' || c.domain || '/jobs/' || (random() * 1e9)::bigint, array['greenhouse'],
        now() - random() * interval '30 days'
      from public.session_companies c join public.scraping_runs r using (session_id) where c.session_id = ${sessionId}
    `;
  }
}

/** How long a page takes to its first rows and to all of them, and what they weigh. */
export async function openLarge(
  browser: Browser,
  origin: string,
  { apiUrl, publishableKey }: Address,
  { sessionId, token }: Seat,
): Promise<{ firstRowsMs: number; readyMs: number; heapBytes: number; rows: number }> {
  const page = await browser.newPage();
  try {
    const query = { way: "websocket", session: sessionId, token, api: apiUrl, key: publishableKey };
    const began = performance.now();
    await page.goto(`${origin}/?${new URLSearchParams(query)}`);
    await page.waitForFunction(() => window.live.rows() > 0, undefined, { polling: 5 });
    const firstRowsMs = performance.now() - began;
    await page.waitForFunction(() => window.live.ready(), undefined, {
      polling: 20,
      timeout: 120_000,
    });
    const readyMs = performance.now() - began;
    const devTools = await page.context().newCDPSession(page);
    await devTools.send("HeapProfiler.collectGarbage");
    const { usedSize: heapBytes } = await devTools.send("Runtime.getHeapUsage");
    return { firstRowsMs, readyMs, heapBytes, rows: await page.evaluate(() => window.live.rows()) };
  } finally {
    await page.close();
  }
}

import { expect, test } from "vitest";
import { newSession, readPostings, score, startMainJob } from "./main-job-harness.ts";

const job = await startMainJob({
  // Fewer at once, so that there is always something in the middle of its work.
  env: { OTIS_WORKER_PARALLEL: "6" },
});
const { sql } = job;
const { truth } = job.site;
const user = await job.signUp();

/** Kills the worker each time that `count` has moved on by `every`, until the session has nothing left to do. */
async function killUntilIdle(session: string, every: number, count: () => Promise<number>) {
  let kills = 0;
  for (let next = every; ; next += every) {
    const reached = async () => {
      const [left] = await sql`
        select from otis.work_items where session_id = ${session} and state in ('ready', 'leased') limit 1`;
      return left === undefined ? "idle" : (await count()) >= next ? "kill" : "wait";
    };
    await expect.poll(reached, { timeout: 60_000, interval: 20 }).not.toBe("wait");
    if ((await reached()) === "idle") return kills;
    await job.killFunctions();
    kills += 1;
  }
}

const countOf = async (query: Promise<readonly { n: number }[]>) => (await query)[0]?.n ?? 0;
let session = "";

test("a worker killed again and again finds every posting exactly once", async () => {
  session = await newSession(user);
  await user.call("start_scraping", {
    session_id: session,
    sources: truth.sources.map(({ input }) => ({ input })),
  });
  const kills = await killUntilIdle(session, 20, () =>
    countOf(sql`select count(*)::int as n from public.job_postings where session_id = ${session}`),
  );
  console.log(`scraping: killed ${kills} times`);
  expect(kills).toBeGreaterThan(0);
  const name = ({ domain, title, city }: Record<"domain" | "title" | "city", string | null>) =>
    `${domain} | ${title} | ${city}`;
  expect((await readPostings(sql, session)).map(name).sort()).toEqual(
    truth.postings.map(name).sort(),
  );
  const [counted] = await sql`
    select jobs_count, companies_count, runs_total = runs_finished as finished
    from public.otis_workflow_sessions where id = ${session}`;
  expect(counted).toEqual({
    jobs_count: truth.postings.length,
    companies_count: truth.companies.length,
    finished: true,
  });
  const outcomes = await sql<{ source_label: string; outcome: string }[]>`
    select outcome, count(*)::int as n from public.scraping_runs where session_id = ${session} group by 1`;
  expect(outcomes).not.toContainEqual(expect.objectContaining({ outcome: null }));
});

test("a worker killed again and again enriches every company exactly once", async () => {
  const companies = await sql<{ company_id: string }[]>`
    select company_id from public.session_companies where session_id = ${session}`;
  const { batch_id } = await user.call("start_enrichment", {
    session_id: session,
    company_ids: companies.map(({ company_id }) => company_id),
  });
  const kills = await killUntilIdle(session, 13, () =>
    countOf(sql`
      select count(*)::int as n from public.enrichment_status
      where batch_id = ${batch_id} and status = 'completed'`),
  );
  console.log(`enrichment: killed ${kills} times`);
  expect(kills).toBeGreaterThan(0);
  const [batch] = await sql`select * from public.enrichment_batches where id = ${batch_id}`;
  expect(batch).toMatchObject({ status: "completed", completed: companies.length, failed: 0 });
  const contacts = await sql<{ email: string }[]>`
    select email from public.contacts
    where owner_id = ${user.id} and email is not null and email_status <> 'guessed'`;
  const emails = score(
    contacts.map(({ email }) => email),
    truth.companies.flatMap((company) => company.emails),
  );
  expect(emails).toMatchObject({ precision: 1, recall: 1 });
});

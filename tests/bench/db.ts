/**
 * What the database costs: writing live rows with every trigger beside bare tables, the delta read, a scraping
 * step's effect, and the queue beside pg-boss and graphile-worker doing the same. Run it with
 *
 *   npm run bench:db [-- writes reads effect queues]   (BENCH_ROUNDS: repetitions of each, default 5; the median is printed)
 *
 * On a throwaway Postgres without fsync, so that the figures are Postgres's and not the disk's.
 */
import postgres, { type Sql } from "postgres";
import { posting } from "../db/effects-postings.ts";
import { startTestCluster } from "../support/cluster.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import {
  BATCH,
  type Contender,
  graphileQueue,
  otisQueue,
  pgBossQueue,
  WORKERS,
} from "./db-queues.ts";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const WANTED = process.argv.slice(2);
const ROWS = 10_000;
const ITEMS = 20_000;

const cluster = await startTestCluster();
try {
  for (const [name, measure] of Object.entries({
    writes: measureWrites,
    reads: measureReads,
    effect: measureScrapeEffect,
    queues: measureQueues,
  })) {
    if (WANTED.length === 0 || WANTED.includes(name)) await measure();
  }
} finally {
  await cluster.stop();
}

interface Bench {
  readonly db: TestDatabase;
  /** One connection, so that plans are kept as a worker keeps them. */
  readonly sql: Sql;
  readonly owner: string;
  readonly session: string;
}

async function withSession(work: (bench: Bench) => Promise<void>): Promise<void> {
  const db = await cloneDatabase(cluster.templateUrl);
  const sql = postgres(db.url, { max: 1, onnotice() {} });
  try {
    const owner = await db.createUser();
    const [row] = await sql<{ id: string }[]>`
      insert into public.otis_workflow_sessions (owner_id, name) values (${owner}, 'bench') returning id`;
    await work({ db, sql, owner, session: row?.id ?? "" });
  } finally {
    await sql.end();
    await db.drop();
  }
}

/** 500 companies of the session, and a run for postings to come from. */
async function seed({ sql, owner, session }: Bench): Promise<string> {
  await sql`
    with c as (
      insert into public.companies (owner_id, name, normalised_name, domain)
      select ${owner}, 'Company ' || i, 'company' || i, 'c' || i || '.example' from generate_series(1, 500) i returning *)
    insert into public.session_companies (session_id, company_id, name, domain)
    select ${session}, id, name, domain from c`;
  const [run] = await sql<{ id: string }[]>`
    insert into public.scraping_runs (session_id, source_kind, source_key, source_label)
    values (${session}, 'csv', 'bench', 'bench') returning id`;
  return run?.id ?? "";
}

async function measureWrites(): Promise<void> {
  await withSession(async (bench) => {
    const { sql, owner, session } = bench;
    const run = await seed(bench);
    await sql`create table public.bare_events (like public.otis_progress_events including all)`;
    await sql`create table public.bare_postings (like public.job_postings including all)`;
    const events = (table: string, round: number) => sql`
      insert into public.${sql(table)} (session_id, owner_id, event_type, message)
      select ${session}, ${owner}, 'bench', 'line ' || i || ' of round ' || ${round}::int from generate_series(1, ${ROWS}::int) i`;
    const postings = (table: string, round: number) => sql`
      insert into public.${sql(table)} (session_id, owner_id, company_id, run_id, dedupe_key, title, url, sources)
      select ${session}, ${owner}, c.company_id, ${run}, ${round} || ':' || i || c.domain, 'Software engineer ' || i,
        'https://jobs.example/' || i, '{csv}'
      from public.session_companies c, generate_series(1, ${ROWS / 500}::int) i where c.session_id = ${session}`;
    for (const [name, live, bare, insert] of [
      ["log lines", "otis_progress_events", "bare_events", events],
      ["postings", "job_postings", "bare_postings", postings],
    ] as const) {
      const ms = await median(async (round) => void (await insert(live, round)));
      const bareMs = await median(async (round) => void (await insert(bare, round)));
      report(`${ROWS} ${name} inserted with every trigger`, ms, "ms", "≤ 150");
      report(`${ROWS} ${name} inserted into a bare table`, bareMs, "ms");
      report("  ratio", ms / bareMs, "×");
    }
    const update = await median(async (round) => {
      await sql`update public.otis_progress_events set message = message || ${round}::text
        where session_id = ${session} and revision in (
          select revision from public.otis_progress_events where session_id = ${session} order by revision limit ${ROWS})`;
    });
    report(`${ROWS} log lines updated with every trigger`, update, "ms");
  });
}

async function measureReads(): Promise<void> {
  await withSession(async (bench) => {
    const { sql, db, session } = bench;
    await sql`
      insert into public.otis_progress_events (session_id, event_type, message)
      select ${session}, 'bench', 'line ' || i from generate_series(1, ${10 * ROWS}::int) i`;
    await sql`analyze`;
    await db.as(bench.owner, async (read) => {
      const [row] =
        await read`select revision from public.otis_workflow_sessions where id = ${session}`;
      const changes = (since: number) => async () =>
        void (await read`select public.session_changes(${session}, ${since}, 1000)`);
      const revision = Number(row?.revision);
      report(
        "session_changes with nothing new at 100,000 rows",
        await median(changes(revision), 200),
        "ms",
        "≤ 3",
      );
      report(
        "session_changes of one row at 100,000 rows",
        await median(changes(revision - 1), 200),
        "ms",
      );
      report(
        "session_changes, a page of 1,000 rows of 100,000",
        await median(changes(0), 20),
        "ms",
      );
    });
  });
}

async function measureScrapeEffect(): Promise<void> {
  await withSession(async (bench) => {
    const { sql, session } = bench;
    await sql`delete from otis.provider_limits`;
    const step = async (round: number, changed: string) => {
      const run = await seedRun(bench, round);
      const [item] = await sql<{ id: string; lease: string }[]>`
        select id, lease from otis.claim_work('bench', '{scrape}', 1, '60 seconds')`;
      const effect = {
        postings: postingsOf(changed),
        outcome: "found",
        progress: { step: "1", done: 1, total: 1 },
      };
      const body = sql.json([{ id: item?.id ?? "", lease: item?.lease ?? "", effect }]);
      const started = performance.now();
      await sql`select otis.complete_work('bench', ${body})`;
      const ms = performance.now() - started;
      const [row] = await sql`select status from public.scraping_runs where id = ${run}`;
      if (row?.status !== "completed") throw new Error("the effect was refused");
      return ms;
    };
    report("an effect of 1,000 new postings", await step(0, ""), "ms");
    const again: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) again.push(await step(round, ""));
    report("the same 1,000 postings again, unchanged", middle(again), "ms");
    report("1,000 postings, each changed", await step(ROUNDS + 1, "!"), "ms");
    const [rows] =
      await sql`select count(*)::int as n from public.job_postings where session_id = ${session}`;
    if (rows?.n !== 1_000) throw new Error(`${rows?.n} postings instead of 1000`);
  });
}

async function seedRun({ sql, session }: Bench, round: number): Promise<string> {
  const source = sql.json([
    { kind: "csv", key: "bench", label: `round ${round}`, target: "bench" },
  ]);
  const [row] = await sql<
    { ids: string[] }[]
  >`select otis.add_runs(${session}, ${source}, 0::smallint) as ids`;
  return row?.ids[0] ?? "";
}

/** Shaped like what boards deliver: some 4 KB of text each, ten postings a company. */
function postingsOf(changed: string) {
  return Array.from({ length: 1_000 }, (_, n) => ({
    ...posting({
      key: String(n),
      title: `Engineer ${n}${changed}`,
      company: `Company ${n % 100}`,
      domain: `company${n % 100}.example`,
      department: "Platform",
      salaryMin: 50_000,
      html: `<p>${`You will build robots of kind ${n}. `.repeat(75)}</p>`,
    }),
    descriptionText: `You will build robots of kind ${n}. `.repeat(50),
  }));
}

/** Round by round in turn, so that a busy moment of the machine strikes all alike. */
async function measureQueues(): Promise<void> {
  const contenders: { queue: Contender; db: TestDatabase; seconds: number[] }[] = [];
  for (const open of [otisQueue, pgBossQueue, graphileQueue]) {
    const db = await cloneDatabase(cluster.templateUrl);
    contenders.push({ queue: await open(db.url), db, seconds: [] });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const { queue, db, seconds } of contenders) {
      await queue.fill(ITEMS);
      await db.sql`vacuum analyze`;
      const started = performance.now();
      await queue.drain(ITEMS);
      seconds.push((performance.now() - started) / 1000);
    }
  }
  const rates = new Map(
    contenders.map(({ queue, seconds }) => [queue.name, ITEMS / middle(seconds)]),
  );
  for (const { queue, db } of contenders) {
    await queue.close();
    await db.drop();
  }
  const otis = rates.get("otis") ?? Number.NaN;
  console.log(`\nQueue: ${ITEMS} no-op items, ${WORKERS} workers, ${BATCH} at a time`);
  for (const [name, rate] of rates) {
    report(`${name}, claim and complete`, rate, "items/s", name === "otis" ? "≥ 5000" : "");
    if (name !== "otis")
      report(`  otis against ${name}`, otis / rate, "×", name === "pg-boss" ? "≥ 2" : "");
  }
}

async function median(work: (round: number) => Promise<void>, rounds = ROUNDS): Promise<number> {
  const times: number[] = [];
  await work(-1);
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await work(round);
    times.push(performance.now() - started);
  }
  return middle(times);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function report(what: string, value: number, unit: string, target = ""): void {
  const shown = value >= 100 ? value.toFixed(0) : value.toFixed(2);
  console.log(
    `${what.padEnd(58)} ${shown.padStart(9)} ${unit.padEnd(8)} ${target && `(target ${target})`}`,
  );
}

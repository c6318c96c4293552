/**
 * `npm run bench:scrape`: postings a second from 1,000 local pages through the real worker (queue, safe
 * fetch, parsing, normalising, Postgres), beside a bare loop over the same pages that fetches and parses one
 * after the other with the same parser, and beside one that has 16 requests under way like the worker.
 * All run in Deno as the functions do, each round in a process of its own that has read the same pages once
 * before: workers live on between sessions.
 * Targets: ratio to the bare loop ≤ 1.5, peak memory of the worker's process ≤ 150 MB.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { detectSource } from "../../functions/_shared/sources/catalogue.ts";
import { MEMORY } from "../../supabase/embedded/functions/runner-process.ts";
import { startTestCluster } from "../support/cluster.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";

const rounds = 3;
const sites = 10;
const pagesPerSite = 100;
const target = { ratio: 1.5, peakMb: 150 };

interface Result {
  seconds: number;
  postings: number;
  peakMb: number;
}
type Mode = "worker" | "loop" | "parallel";
type Round = Record<Mode, Result>;

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const root = here("../../");

const site = spawn(
  process.execPath,
  [here("scrape-site.ts"), String(sites), String(pagesPerSite)],
  { stdio: ["pipe", "pipe", "inherit"] },
);
const cluster = await startTestCluster();
try {
  const origins: string[] = JSON.parse(await linesOf(site)());
  const env = {
    BENCH_ORIGINS: origins.join(),
    OTIS_ALLOW_PRIVATE_HOSTS: origins.map((origin) => new URL(origin).host).join(),
  };
  const all: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const worker = await measureWorker(env, origins);
    const loop = await measure("loop", env, async () => {});
    const parallel = await measure("parallel", env, async () => {});
    all.push({ worker, loop, parallel });
    const parts = [
      describe("worker", worker),
      describe("bare loop", loop),
      describe("16 at a time", parallel),
    ];
    console.log(`round ${round + 1}: ${parts.join(", ")}`);
  }
  report(all);
} finally {
  site.stdin.end();
  await cluster.stop();
}

async function measureWorker(
  env: Record<string, string>,
  origins: readonly string[],
): Promise<Result> {
  const database = await cloneDatabase(cluster.templateUrl);
  try {
    const owner = await database.createUser();
    await startScraping(database, owner, origins);
    let session = "";
    const result = await measure("worker", { ...env, SUPABASE_DB_URL: database.url }, async () => {
      // As autovacuum does within a minute; this database is only seconds old.
      await database.sql`analyze`;
      session = await startScraping(database, owner, origins);
    });
    const [stored] = await database.sql<{ n: number }[]>`
      select count(*)::int as n from public.job_postings where session_id = ${session}`;
    return { ...result, postings: stored?.n ?? 0 };
  } finally {
    await database.drop();
  }
}

async function startScraping(database: TestDatabase, owner: string, origins: readonly string[]) {
  const [session] = await database.sql<{ id: string }[]>`
    insert into public.otis_workflow_sessions (owner_id, name) values (${owner}, 'bench') returning id`;
  const id = session?.id ?? "";
  const sources = origins.map((origin) => detectSource(`${origin}/careers`));
  await database.as(owner, (sql) => sql`select public.start_scraping(${id}, ${sql.json(sources)})`);
  return id;
}

/** Starts a round's process; once it is warm, `prepare` is awaited and the measured part begins. */
async function measure(
  mode: Mode,
  env: Record<string, string>,
  prepare: () => Promise<void>,
): Promise<Result> {
  const flags = "run --quiet --no-lock --node-modules-dir=manual --allow-all".split(" ");
  const child = spawn(
    `${root}node_modules/.bin/deno`,
    // As the embedded stack runs the functions.
    [...flags, `--config=${root}functions/deno.json`, MEMORY.flag, here("scrape-run.ts"), mode],
    {
      env: { ...MEMORY.env, PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const exited = once(child, "exit");
  const nextLine = linesOf(child);
  await nextLine();
  await prepare();
  child.stdin?.end("go\n");
  const result: Result = JSON.parse(await nextLine());
  await exited;
  if (mode !== "worker" && result.postings !== sites * pagesPerSite) {
    throw new Error(`a bare loop found ${result.postings} postings`);
  }
  return result;
}

/** Reads a process's output line by line; rejects when it ends instead. */
function linesOf(child: ChildProcess): () => Promise<string> {
  if (child.stdout === null) throw new Error("the process has no output");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error("the process ended without a result");
    return value;
  };
}

function perSecond({ postings, seconds }: Result): number {
  return postings / seconds;
}

function describe(name: string, result: Result): string {
  return `${name} ${perSecond(result).toFixed(0)}/s (${result.peakMb.toFixed(0)} MB)`;
}

function report(all: readonly Round[]): void {
  const median = (values: number[]) =>
    values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  const ratioTo = (mode: Mode) =>
    median(all.map((round) => perSecond(round[mode]) / perSecond(round.worker)));
  const speed = median(all.map(({ worker }) => perSecond(worker)));
  const ratio = ratioTo("loop");
  const peakMb = Math.max(...all.map(({ worker }) => worker.peakMb));
  for (const { worker } of all) {
    if (worker.postings !== sites * pagesPerSite)
      throw new Error(`${worker.postings} postings stored`);
  }
  console.log(
    `worker: ${speed.toFixed(0)} postings/s from ${sites * pagesPerSite} pages (medians of ${rounds})`,
  );
  console.log(`ratio to the bare loop: ${ratio.toFixed(2)} (target ≤ ${target.ratio})`);
  console.log(`ratio to 16 at a time, without a database: ${ratioTo("parallel").toFixed(2)}`);
  console.log(`peak memory: ${peakMb.toFixed(0)} MB (target ≤ ${target.peakMb})`);
  if (ratio > target.ratio || peakMb > target.peakMb) process.exitCode = 1;
}

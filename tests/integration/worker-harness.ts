/**
 * For the worker's tests: a job board on loopback that counts and can be slowed, a session that scrapes it,
 * and workers, in this process or in ones that may be killed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { createConnect, resolve } from "../../functions/_shared/safe-fetch/node.ts";
import { detectSource } from "../../functions/_shared/sources/catalogue.ts";
import type { Drain } from "../../functions/_shared/worker/drain.ts";
import { createWorker } from "../../functions/_shared/worker/start-worker.ts";
import type { TestDatabase } from "../support/database.ts";

export interface Board {
  readonly env: Record<string, string>;
  /** Every request that came in. */
  readonly requests: string[];
  /** Requests that are held open, and those that were aborted by the client. */
  readonly open: Set<ServerResponse>;
  aborted: number;
  /** Holds every answer back until it is resolved, beginning with request `holdFrom` (from 0). */
  hold: Promise<void> | null;
  holdFrom: number;
  /** Delay of every answer in ms. */
  delayMs: number;
  /** The titles that company `name` has. */
  titles(name: string): string[];
}

/** SmartRecruiters' API for any company; each has `postings` of them, in pages of 100, each with a text of its own. */
export async function startBoard(postings: number): Promise<Board> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://board");
    board.requests.push(url.pathname + url.search);
    board.open.add(response);
    response.once("close", () => {
      board.open.delete(response);
      if (!response.writableFinished) board.aborted += 1;
    });
    response.writeHead(200, { "content-type": "application/json" });
    if (board.hold !== null && board.requests.length > board.holdFrom) {
      // Not so silent that the client gives up by itself.
      const drip = setInterval(() => response.write(" "), 2_000);
      response.once("close", () => clearInterval(drip));
      await board.hold;
      clearInterval(drip);
    }
    if (board.delayMs > 0) await new Promise((done) => setTimeout(done, board.delayMs));
    const [, company = "", id] =
      /^\/v1\/companies\/([^/]+)\/postings(?:\/(\d+))?$/.exec(url.pathname) ?? [];
    const offset = Number(url.searchParams.get("offset"));
    const limit = Number(url.searchParams.get("limit"));
    const all = Array.from({ length: postings }, (_, n) => posting(company, n));
    const body =
      id === undefined
        ? { offset, limit, totalFound: postings, content: all.slice(offset, offset + limit) }
        : { ...posting(company, Number(id)), jobAd: text(Number(id)) };
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const board: Board = {
    env: {
      OTIS_ENDPOINT_SMARTRECRUITERS: `http://127.0.0.1:${port}`,
      OTIS_ALLOW_PRIVATE_HOSTS: `127.0.0.1:${port}`,
    },
    requests: [],
    open: new Set(),
    aborted: 0,
    hold: null,
    holdFrom: 0,
    delayMs: 0,
    titles: (name) => Array.from({ length: postings }, (_, n) => posting(name, n).name).sort(),
  };
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return board;
}

const posting = (company: string, n: number) => ({
  id: String(n),
  name: `Role ${n}`,
  company: { identifier: company, name: company },
  location: { city: "Utrecht", countryCode: "nl" },
  releasedDate: "2026-10-01T08:00:00Z",
});

const text = (n: number) => ({
  sections: { jobDescription: { title: "The job", text: `<p>All about role ${n}.</p>` } },
});

/** A session that scrapes the board's companies; the ids of its runs by company. */
export async function startScraping(
  db: TestDatabase,
  owner: string,
  companies: readonly string[],
): Promise<{ sessionId: string; runs: Map<string, string> }> {
  const [session] = await db.sql<{ id: string }[]>`
    insert into public.otis_workflow_sessions (owner_id, name) values (${owner}, 'A session') returning id`;
  const sessionId = session?.id ?? "";
  await addSources(db, owner, sessionId, companies);
  const rows = await db.sql<{ id: string; source_key: string }[]>`
    select id, source_key from public.scraping_runs where session_id = ${sessionId}`;
  return {
    sessionId,
    runs: new Map(rows.map((row) => [row.source_key.split(":")[1] ?? "", row.id])),
  };
}

export async function addSources(
  db: TestDatabase,
  owner: string,
  sessionId: string,
  companies: readonly string[],
): Promise<void> {
  const sources = companies.map((company) => {
    const ref = detectSource(`smartrecruiters:${company}`);
    if (ref === null) throw new Error(`${company} is no source`);
    return ref;
  });
  await db.as(
    owner,
    (sql) => sql`select public.start_scraping(${sessionId}, ${sql.json(sources)})`,
  );
}

/** A worker in this process. `stop` is what the runtime does before it ends an isolate. */
export function startHere(db: TestDatabase, env: Record<string, string>) {
  const stopping = new AbortController();
  const lines: string[] = [];
  const drain: Drain = createWorker({
    env,
    sql: db.sql,
    network: { resolve, connect: createConnect() },
    cpuMs: () => 0,
    stopping: stopping.signal,
    write: (line) => lines.push(line),
  })();
  return { ...drain, lines, stop: () => stopping.abort() };
}

const program = fileURLToPath(new URL("worker-process.ts", import.meta.url));
const processes = new Set<ChildProcess>();

/** A worker process that drains for ever; it may be killed at any moment. */
export function startProcess(db: TestDatabase, env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH, ...env, SUPABASE_DB_URL: db.url },
    stdio: ["ignore", "ignore", "inherit"],
  });
  processes.add(child);
  child.once("exit", () => processes.delete(child));
  return child;
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

export async function killAll(): Promise<void> {
  await Promise.all([...processes].map(kill));
}

/** Asks until the answer is there; fails after `ms`. */
export async function until<T>(
  ask: () => Promise<T | null | false> | T | null | false,
  ms = 30_000,
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`not within ${ms} ms`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

export async function readRun(db: TestDatabase, id: string) {
  const [run] = await db.sql<
    { status: string; outcome: string | null; items_found: number; error_code: string | null }[]
  >`select status, outcome, items_found, error_code from public.scraping_runs where id = ${id}`;
  if (run === undefined) throw new Error("no such run");
  return run;
}

/** What a session holds of one company, sorted; doubles would show. */
export async function readTitles(db: TestDatabase, sessionId: string, company: string) {
  const rows = await db.sql<{ title: string; body: string }[]>`
    select j.title, coalesce(t.description_text, '') as body
    from public.job_postings j
    join public.session_companies c on c.session_id = j.session_id and c.company_id = j.company_id
    left join public.job_posting_texts t on t.posting_id = j.id
    where j.session_id = ${sessionId} and lower(c.name) = lower(${company})`;
  return {
    titles: rows.map((row) => row.title).sort(),
    withoutText: rows.filter((row) => !row.body.includes(`All about ${row.title.toLowerCase()}.`))
      .length,
  };
}

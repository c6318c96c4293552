import { fileURLToPath } from "node:url";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OwnStack, signUp, startOwnStack } from "../support/stack.ts";
import { type Board, startBoard, until } from "./worker-harness.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

let stack: OwnStack;
let board: Board;
let sql: Sql;

beforeAll(async () => {
  board = await startBoard(30);
  stack = await startOwnStack({
    functions: { worker: `${root}functions/worker/index.ts` },
    env: board.env,
  });
  sql = postgres(stack.databaseUrl, { max: 2, onnotice() {} });
});
afterAll(async () => {
  await sql.end();
  await stack[Symbol.asyncDispose]();
});

const callWorker = (headers: Record<string, string>) =>
  fetch(`${stack.apiUrl}/functions/v1/worker`, { method: "POST", headers, body: "{}" });

async function scrape(company: string) {
  const { id, client } = await signUp(stack);
  const { data: session } = await client.rpc("create_session", { p_name: "A session" });
  const source = {
    kind: "smartrecruiters",
    key: `smartrecruiters:${company}`,
    label: company,
    target: company,
  };
  const started = await client.rpc("start_scraping", {
    p_session_id: session?.session_id,
    p_sources: [source],
  });
  if (started.error) throw started.error;
  const runId: string = started.data.run_ids[0];
  const readRun = async () =>
    (await client.from("scraping_runs").select("status, items_found").eq("id", runId).single())
      .data;
  return { id, client, sessionId: session?.session_id, runId, readRun };
}

test("the worker function obeys a secret key only, and answers at once", async () => {
  expect((await callWorker({})).status).toBe(401);
  expect((await callWorker({ apikey: stack.publishableKey })).status).toBe(401);
  const { client } = await signUp(stack);
  const token = (await client.auth.getSession()).data.session?.access_token;
  expect((await callWorker({ authorization: `Bearer ${token}` })).status).toBe(401);
  const accepted = await callWorker({ apikey: stack.secretKey });
  expect(accepted.status).toBe(202);
});

test("what a user starts is scraped in Deno, woken by the database, without anyone calling", async () => {
  const { readRun } = await scrape("woken");
  await until(async () => (await readRun())?.status === "completed");
  expect(await readRun()).toEqual({ status: "completed", items_found: 30 });
});

test("a cancel ends a running fetch", async () => {
  board.hold = new Promise(() => {});
  const { client, runId, readRun } = await scrape("cancelled");
  await until(() => board.open.size > 0);
  const { error } = await client.rpc("cancel", { p_target: "run", p_id: runId });
  expect(error).toBeNull();
  // By itself it would give up after 30 s.
  await until(() => board.open.size === 0, 20_000);
  expect(await readRun()).toMatchObject({ status: "cancelled" });
  board.hold = null;
});

test("when Deno is killed in the middle, another goes on and nothing is lost or doubled", async () => {
  board.delayMs = 20;
  const { sessionId, readRun } = await scrape("killed");
  const before = board.requests.length;
  await until(() => board.requests.length > before + 5);
  const pid = stack.stack.processes().functions;
  if (pid === undefined) throw new Error("there is no process");
  process.kill(pid, "SIGKILL");
  board.delayMs = 0;
  await until(async () => (await readRun())?.status === "completed", 60_000);
  const [row] = await sql`
    select count(*)::int as rows, count(distinct title)::int as titles from public.job_postings where session_id = ${sessionId}`;
  expect(row).toEqual({ rows: 30, titles: 30 });
});

/**
 * What the embedded stack costs: its start beside that of a bare Postgres, its memory, a call of a database
 * function beside the same SQL without HTTP, and then Realtime beside a bare relay (realtime.ts). Run it with
 *
 *   npm run bench:stack          (BENCH_SECONDS: seconds a Realtime load, default 30)
 *
 * Memory is the proportional set size of all processes: shared pages are counted once.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startPostgres } from "../../supabase/embedded/postgres/cluster.ts";
import { signUp } from "../support/stack.ts";
import { type StackProcess, startStackProcess } from "../support/stack-process.ts";

const WARM_STARTS = 5;
const CALLS = 1_000;

const folder = mkdtempSync(join(tmpdir(), "otis-bench-"));
try {
  await measureStarts();
  await measureRequests();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
await import("./realtime.ts");

/** Start and stop of the backend's own process, the first time and then with what is there. */
async function measureStarts(): Promise<void> {
  const first = await timed(() => startStackProcess({ dataDir: join(folder, "starts") }));
  print("first start", first.ms, "ms");
  print("memory after it", memoryOf(first.value), "MB");
  const stops = [(await timed(() => first.value.interrupt())).ms];
  const starts: number[] = [];
  for (let i = 0; i < WARM_STARTS; i++) {
    const warm = await timed(() => startStackProcess({ dataDir: join(folder, "starts") }));
    starts.push(warm.ms);
    stops.push((await timed(() => warm.value.interrupt())).ms);
  }
  const bare: number[] = [];
  for (let i = 0; i <= WARM_STARTS; i++) {
    const { ms, value } = await timed(() =>
      startPostgres({
        dataDir: join(folder, "bare"),
        logFile: join(folder, "bare.log"),
        port: 0,
        password: "postgres",
      }),
    );
    bare.push(ms);
    await value.stop();
  }
  const [bareFirst = Number.NaN, ...bareWarm] = bare;
  print("warm start, median", median(starts), "ms");
  print("stop, median", median(stops), "ms");
  print("bare Postgres, first start", bareFirst, "ms");
  print("bare Postgres, warm start, median", median(bareWarm), "ms");
  ratio("first start", first.ms, bareFirst);
  ratio("warm start", median(starts), median(bareWarm));
}

/** The read that live clients make most, of nothing new, by supabase-js and by SQL alone. */
async function measureRequests(): Promise<void> {
  const running = await startStackProcess({ dataDir: join(folder, "requests") });
  const stack = { ...running, secretKey: "", jwtSecret: "" };
  const sql = postgres(running.databaseUrl, { max: 1, onnotice() {} });
  const { id, client } = await signUp(stack);
  const [session] = await sql`
    insert into public.otis_workflow_sessions (owner_id, name) values (${id}, 'bench') returning id, revision
  `;
  const claims = JSON.stringify({ sub: id, role: "authenticated" });
  const args = { p_session_id: session?.id, p_since: session?.revision, p_limit: 1_000 };
  const ways: Readonly<Record<string, () => Promise<unknown>>> = {
    "rpc session_changes by supabase-js": async () => {
      const { error } = await client.rpc("session_changes", args);
      if (error) throw error;
    },
    "the same SQL by a connection of its own": () =>
      sql.begin((transaction) => [
        transaction`select set_config('request.jwt.claims', ${claims}, true), set_config('role', 'authenticated', true)`,
        transaction`select public.session_changes(${session?.id}, ${session?.revision}, 1000)`,
      ]),
    "select by supabase-js (@supabase/lite)": async () => {
      const { error } = await client.from("otis_workflow_sessions").select("id,name").limit(1);
      if (error) throw error;
    },
  };
  const medians: number[] = [];
  for (const [name, call] of Object.entries(ways)) {
    for (let i = 0; i < 100; i++) await call();
    const times: number[] = [];
    for (let i = 0; i < CALLS; i++) times.push((await timed(call)).ms);
    times.sort((a, b) => a - b);
    medians.push(median(times));
    print(`${name}, p50`, median(times), "ms");
    print(`${name}, p99`, times[Math.floor(times.length * 0.99)] ?? Number.NaN, "ms");
  }
  const [byHttp = Number.NaN, bySql = Number.NaN] = medians;
  ratio("rpc by HTTP", byHttp, bySql);
  print("memory afterwards", memoryOf(running), "MB");
  await sql.end();
  await running.interrupt();
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const began = performance.now();
  const value = await work();
  return { ms: performance.now() - began, value };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Proportional set size of the stack and all that it started. */
function memoryOf(stack: StackProcess): number {
  const kilobytes = stack.processes().map((pid) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, size) => sum + size, 0) / 1024;
}

function print(name: string, value: number, unit: string): void {
  console.log(`${name.padEnd(56)}${value.toFixed(1).padStart(9)} ${unit}`);
}

function ratio(name: string, value: number, peer: number): void {
  console.log(
    `${`${name}, ratio to its peer`.padEnd(56)}${(value / peer).toFixed(2).padStart(9)} x`,
  );
}

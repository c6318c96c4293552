/**
 * How long a committed change takes to its subscribers, beside the least that could be done: LISTEN/NOTIFY
 * relayed to WebSockets, without filters, policies or rows. Run it with
 *
 *   node tests/bench/realtime.ts          (BENCH_SECONDS: seconds a load, default 30)
 *
 * Each server runs in a process of its own, one after the other, on one durable Postgres; writer and bare
 * WebSocket clients share this process, so that one clock times both ends. The time starts before the
 * statement is sent, so it includes the commit. Prints percentiles, the ratio, losses, and the server's memory.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databaseUrl, SUPERUSER, startPostgres } from "../../supabase/embedded/postgres/cluster.ts";
import { prepareDatabase } from "../../supabase/embedded/postgres/prepare.ts";
import { createTables, type Measurement, measure, SCENARIOS } from "./realtime-load.ts";

const seconds = Number(process.env.BENCH_SECONDS ?? 30);
const folder = mkdtempSync(join(tmpdir(), "otis-bench-"));
const server = await startPostgres({
  dataDir: join(folder, "data"),
  logFile: join(folder, "postgres.log"),
  port: 0,
  password: "postgres",
});
try {
  await prepareDatabase(databaseUrl(server.port, "postgres", { user: SUPERUSER }));
  const url = databaseUrl(server.port, "postgres");
  await createTables(url);
  const only = process.argv[2];
  for (const scenario of SCENARIOS.filter(({ name }) => !only || name.includes(only))) {
    console.log(`\n${scenario.name}`);
    const relay = await measure(scenario, url, "relay", seconds);
    print("LISTEN/NOTIFY relay", relay);
    const realtime = await measure(scenario, url, "realtime", seconds);
    print("realtime", realtime);
    const ratio = (pick: (m: Measurement) => number) => (pick(realtime) / pick(relay)).toFixed(2);
    console.log(`  ratio                p50 ${ratio((m) => m.p50)}x  p99 ${ratio((m) => m.p99)}x`);
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function print(name: string, m: Measurement): void {
  const ms = (value: number) => value.toFixed(1).padStart(6);
  const mb = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  console.log(
    `  ${name.padEnd(20)} p50 ${ms(m.p50)} ms  p95 ${ms(m.p95)} ms  p99 ${ms(m.p99)} ms  max ${ms(m.max)} ms` +
      `  ${m.written} changes, ${Math.round(m.rate)}/s  ${m.received}/${m.expected} messages` +
      `  heap ${mb(m.before.heap)} -> ${mb(m.after.heap)} MB, rss ${mb(m.before.rss)} -> ${mb(m.after.rss)} MB`,
  );
}

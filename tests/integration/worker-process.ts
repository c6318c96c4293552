/** One worker as a process of its own, draining again and again until it is killed. Settings come by environment. */
import postgres from "postgres";
import { createConnect, resolve } from "../../functions/_shared/safe-fetch/node.ts";
import { createWorker } from "../../functions/_shared/worker/start-worker.ts";

const start = createWorker({
  env: process.env,
  sql: postgres(process.env.SUPABASE_DB_URL ?? "", { max: 4, onnotice() {} }),
  network: { resolve, connect: createConnect() },
  cpuMs: () => 0,
  stopping: new AbortController().signal,
  write: () => {},
});

for (;;) {
  await start().finished;
  await new Promise((done) => setTimeout(done, 100));
}

/** Drains the queue in the background: `POST /functions/v1/worker` with a secret key, answered at once. */
import process from "node:process";
import { connect } from "../_shared/http/database.ts";
import { createConnect, createResolve } from "../_shared/safe-fetch/deno.ts";
import { createWorkerService } from "../_shared/worker/service.ts";
import { createWorker } from "../_shared/worker/start-worker.ts";

declare const EdgeRuntime: { waitUntil(promise: Promise<unknown>): void };

// The runtime says so when time, memory or CPU run out, shortly before it ends the isolate.
const stopping = new AbortController();
globalThis.addEventListener("beforeunload", () => stopping.abort());

const env = Deno.env.toObject();
const start = createWorker({
  env,
  sql: connect(env.SUPABASE_DB_URL ?? "", 4),
  network: {
    resolve: createResolve(Deno),
    connect: createConnect<Deno.TcpConn, Deno.TlsConn>(Deno),
  },
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  stopping: stopping.signal,
  write: (line) => console.log(line),
});

Deno.serve(createWorkerService(start, (promise) => EdgeRuntime.waitUntil(promise)));

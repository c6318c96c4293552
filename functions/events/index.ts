/** Server-sent events of a session or inbox: `GET /functions/v1/events?session=…`. */
import { createEventsHandler } from "../_shared/events/handle.ts";
import { createProgressListener, listenWith } from "../_shared/events/progress-listener.ts";
import { connect } from "../_shared/http/database.ts";
import { systemClock } from "../_shared/safe-fetch/clock.ts";

const env = Deno.env.toObject();
const sql = connect(env.SUPABASE_DB_URL ?? "", 8);
const log = (message: string, cause: unknown) => console.error("events:", message, cause);

// The runtime says so when time, memory or CPU run out, shortly before it ends the isolate.
const stopping = new AbortController();
globalThis.addEventListener("beforeunload", () => stopping.abort());

Deno.serve(
  createEventsHandler({
    env,
    sql,
    log,
    listener: createProgressListener(listenWith(sql), log),
    clock: systemClock,
    random: Math.random,
    startedAt: Date.now(),
    stopping: stopping.signal,
  }),
);

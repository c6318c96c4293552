import type { Sql } from "postgres";
import * as z from "zod/mini";
import { OtisError } from "../contract/errors.ts";
import { uuid } from "../contract/workflow.ts";
import { authenticate, type Caller, type Env } from "../http/authenticate.ts";
import { asCaller } from "../http/database.ts";
import { fail, preflight, toOtisError, withCors } from "../http/respond.ts";
import type { Clock } from "../safe-fetch/clock.ts";
import { followScope } from "./follow-scope.ts";
import type { ProgressListener } from "./progress-listener.ts";
import type { WireDelta } from "./server-events.ts";
import { streamBody } from "./stream-body.ts";
import { streamEnd } from "./stream-end.ts";

/** Rows in one event. */
const PAGE_ROWS = 1_000;

export interface EventsOptions {
  readonly env: Env;
  readonly sql: Sql;
  readonly listener: ProgressListener;
  readonly clock: Clock;
  readonly random: () => number;
  /** When this isolate began, in clock time. */
  readonly startedAt: number;
  /** The isolate is about to end: every stream says so and ends. */
  readonly stopping: AbortSignal;
  readonly log: (message: string, cause: unknown) => void;
}

const parameters = z.object({ session: z.optional(uuid), inbox: z.optional(uuid) });
const lastEventId = z.coerce.number().check(z.int(), z.minimum(0));

/**
 * The handler of `GET /functions/v1/events?session=…` (or `inbox=…`): server-sent events of one
 * scope, from the revision in `Last-Event-ID` on. Auth by bearer token or session cookie.
 */
export function createEventsHandler(options: EventsOptions) {
  return async (request: Request): Promise<Response> => {
    if (request.method === "OPTIONS") return preflight();
    try {
      return await open(request, options);
    } catch (error) {
      return fail(error, options.log);
    }
  };
}

async function open(request: Request, options: EventsOptions): Promise<Response> {
  if (request.method !== "GET") {
    throw new OtisError("method_not_allowed", "Events are read with GET.");
  }
  const { env, listener, clock, random, startedAt, stopping, log } = options;
  if (!isOffered(env)) {
    throw new OtisError("unavailable", "Event streams are switched off here (OTIS_TRANSPORTS).");
  }
  const caller = await authenticate(request, env, { cookies: true });
  const scope = scopeOf(request, caller);
  const read = (since: number): Promise<WireDelta> => readDelta(options.sql, caller, scope, since);
  const { since, first } = await readFirst(read, resumeFrom(request));

  const over = new AbortController();
  const leave = (): void => over.abort();
  request.signal.addEventListener("abort", leave);
  const end = streamEnd({
    now: clock.now(),
    startedAt,
    wallClockSeconds: env.OTIS_WALL_CLOCK_SECONDS,
    random: random(),
  });
  const events = followScope({
    scope: scope.id,
    sessionTable: "otis_workflow_sessions",
    since,
    first,
    read,
    listener,
    clock,
    endAt: Math.min(end, expiryOf(caller)),
    stopping,
    signal: over.signal,
  });
  const body = streamBody(logged(events, log), clock, leave);
  return withCors(
    new Response(body, {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache, no-store, no-transform",
        "x-accel-buffering": "no",
      },
    }),
  );
}

/** `OTIS_TRANSPORTS` lists what this deployment offers; unset, everything. */
function isOffered({ OTIS_TRANSPORTS: list = "" }: Env): boolean {
  return list.trim() === "" || list.split(",").some((name) => name.trim() === "sse");
}

interface StreamScope {
  readonly kind: "session" | "inbox";
  readonly id: string;
}

function scopeOf(request: Request, caller: Caller): StreamScope {
  const asked = parameters.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (asked.success && asked.data.session) return { kind: "session", id: asked.data.session };
  if (asked.success && asked.data.inbox === caller.id) return { kind: "inbox", id: caller.id };
  throw new OtisError("invalid_input", "The address names no session, and no inbox of yours.");
}

/** Browsers send the header themselves; a first `EventSource` can only put it into the address. */
function resumeFrom(request: Request): number {
  const id =
    request.headers.get("last-event-id") ??
    new URL(request.url).searchParams.get("last_event_id") ??
    "0";
  const parsed = lastEventId.safeParse(id);
  if (!parsed.success) throw new OtisError("invalid_input", "Last-Event-ID is not a revision.");
  return parsed.data;
}

/** Before the answer begins, so that refusals have a status. A revision never given out: from 0. */
async function readFirst(
  read: (since: number) => Promise<WireDelta>,
  since: number,
): Promise<{ since: number; first: WireDelta }> {
  try {
    return { since, first: await read(since) };
  } catch (error) {
    if (since === 0 || toOtisError(error).code !== "stale_revision") throw error;
    return { since: 0, first: await read(0) };
  }
}

function readDelta(
  sql: Sql,
  caller: Caller,
  { kind, id }: StreamScope,
  since: number,
): Promise<WireDelta> {
  return asCaller(sql, caller, async (transaction) => {
    const [row] = await transaction<{ delta: WireDelta }[]>`
      select ${
        kind === "session"
          ? transaction`public.session_changes(${id}, ${since}, ${PAGE_ROWS})`
          : transaction`public.inbox_changes(${since}, ${PAGE_ROWS})`
      } as delta
    `;
    if (!row) throw new OtisError("internal", "The delta read gave no answer.");
    return row.delta;
  });
}

/** A stream does not outlive the token it was opened with. */
function expiryOf({ claims }: Caller): number {
  return typeof claims.exp === "number" ? claims.exp * 1_000 : Number.POSITIVE_INFINITY;
}

/** A failure in the middle of a stream has no status left to say so: it is logged, and cuts it. */
async function* logged(
  texts: AsyncGenerator<string>,
  log: EventsOptions["log"],
): AsyncGenerator<string> {
  try {
    yield* texts;
  } catch (error) {
    const known = toOtisError(error);
    if (known.status >= 500) log("an event stream was cut", known.cause ?? known);
    throw error;
  }
}

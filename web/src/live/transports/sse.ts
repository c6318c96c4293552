import { createParser, type EventSourceMessage } from "eventsource-parser";
import type { Activity } from "../activity.ts";
import type { Cancel, Clock } from "../clock.ts";
import { parseDelta, type Scope } from "../delta.ts";
import type { DownReason, Transport, TransportSink } from "../transport.ts";
import { STABLE_MS } from "../transport-machine.ts";
import { within } from "../within.ts";
import { parseHeartbeat, parseNotice, parseSince } from "./sse-events.ts";

/** How long the first event may take. A proxy that buffers the answer never gets there. */
export const OPEN_TIMEOUT_MS = 5_000;
/** The server beats every 15 s; two beats missed and a bit, and the stream is dead. */
export const SILENCE_MS = 40_000;

interface SseDeps {
  readonly scope: Scope;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly fetch: typeof fetch;
  /** Address of the stream for the scope; `Last-Event-ID` carries the revision. */
  readonly url: string;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** The revision to resume from. */
  readonly since: () => number;
  /** Called for every request made. */
  readonly requested: () => void;
}

/**
 * Server-sent events over `fetch`, since `EventSource` cannot carry a token.
 *
 * The server sends pages of delta, beats with its revision, and says when it is about to end a
 * stream for reasons of its own (its wall clock); such a stream is reopened without a word.
 */
export function sseTransport(deps: SseDeps): Transport {
  return {
    kind: "sse",
    open(sink) {
      const ending = new AbortController();
      void follow(deps, sink, ending.signal);
      return () => ending.abort();
    },
  };
}

/**
 * Reads one stream after the other, for as long as the server ends them by plan. One that ended as soon as it was
 * opened is no plan: how soon to try again is for the machine to say.
 */
async function follow(deps: SseDeps, sink: TransportSink, signal: AbortSignal): Promise<void> {
  for (;;) {
    const openedAt = deps.clock.now();
    const end = await readStream(deps, sink, signal);
    if (signal.aborted) return;
    if (end.kind === "down") return sink.down(end.reason, end.retryAfterMs);
    if (deps.clock.now() - openedAt < STABLE_MS) return sink.down("unreachable");
    // A hidden tab sends nothing: the machine opens the next stream when it is shown.
    if (deps.activity.is("hidden")) return sink.down("unreachable");
  }
}

type End =
  | { readonly kind: "resume" }
  | {
      readonly kind: "down";
      readonly reason: DownReason;
      readonly retryAfterMs: number;
    };

const lost: End = { kind: "down", reason: "unreachable", retryAfterMs: 0 };

async function readStream(deps: SseDeps, sink: TransportSink, signal: AbortSignal): Promise<End> {
  const { clock, scope } = deps;
  const connection = new AbortController();
  const abort = (): void => connection.abort();
  signal.addEventListener("abort", abort);
  let cancelWatch: Cancel = () => {};
  const watch = (ms: number): void => {
    cancelWatch();
    cancelWatch = clock.after(ms, abort);
  };
  let heard = false;
  let planned = false;

  const onEvent = (message: EventSourceMessage): void => {
    if (signal.aborted) return;
    watch(SILENCE_MS);
    const value: unknown = JSON.parse(message.data);
    if (message.event === "rows") {
      const { since, committedAt } = parseSince(value);
      sink.delta(since, parseDelta(scope, value), committedAt);
    } else if (message.event === "heartbeat") sink.newest(parseHeartbeat(value).revision);
    else if (message.event === "notice") {
      const notice = parseNotice(value);
      if (notice.kind === "resume") planned = true;
      else void sink.recheck();
    }
    if (!heard) sink.up();
    heard = true;
  };

  watch(OPEN_TIMEOUT_MS);
  try {
    deps.requested();
    const response = await deps.fetch(deps.url, {
      headers: {
        ...(await within({ clock, ms: OPEN_TIMEOUT_MS, signal: connection.signal }, deps.headers)),
        accept: "text/event-stream",
        "last-event-id": String(deps.since()),
      },
      signal: connection.signal,
      cache: "no-store",
    });
    if (!response.ok || response.body === null) return refusal(response);
    const parser = createParser({ onEvent });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return planned ? { kind: "resume" } : lost;
      parser.feed(value);
    }
  } catch {
    return lost;
  } finally {
    cancelWatch();
    signal.removeEventListener("abort", abort);
    connection.abort();
  }
}

/**
 * Whatever the status, it only says that this way is closed: a 401 or 404 may come from something
 * between, or from a function that is not there. Who the user is, and whether the scope exists, is
 * for the delta read to say.
 */
function refusal(response: Response): End {
  const seconds = Number(response.headers.get("retry-after") ?? 0);
  return {
    kind: "down",
    reason: "refused",
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : 0,
  };
}

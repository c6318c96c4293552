import type { CaughtUp } from "./catch-up.ts";
import type { Cancel } from "./clock.ts";
import type { Change, Delta } from "./delta.ts";

/** From the one that is preferred to the one that works everywhere. */
export const transportKinds = ["websocket", "sse", "polling"] as const;
export type TransportKind = (typeof transportKinds)[number];

/** Why a transport ended. "auth": a fresh sign-in is needed; "gone": the scope no longer exists. */
export type DownReason = "unreachable" | "refused" | "auth" | "gone";

/**
 * What a transport reports. All of it is a hint: what is on the screen comes out of the cursor
 * and the delta read, whichever transport runs.
 */
export interface TransportSink {
  /** Changes flow from now on. Said again whenever the server started anew; each time is read. */
  up(): void;
  /** One row, in whatever order. `committedAt`: server time in milliseconds, if known. */
  change(change: Change, committedAt: number | null): void;
  /** A page of delta that the server read above `since`. */
  delta(since: number, delta: Delta, committedAt: number | null): void;
  /** The server says that the scope is at `revision`. */
  newest(revision: number): void;
  /** Something could not be told as a row: read the delta. */
  recheck(): Promise<CaughtUp>;
  /** It is over. The transport reports nothing after this. */
  down(reason: DownReason, retryAfterMs?: number): void;
}

/** A way of hearing about changes. Stateless: everything lives between `open` and its cancel. */
export interface Transport {
  readonly kind: TransportKind;
  /** Starts. The returned function ends it, releases everything, and silences the sink. */
  open(sink: TransportSink): Cancel;
}

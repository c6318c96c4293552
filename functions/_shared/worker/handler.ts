import type { LogLevel, Progress, StepOutcome, WorkItem } from "../queue/queue.ts";
import type { Clock } from "../safe-fetch/clock.ts";
import type { SafeFetch } from "../safe-fetch/safe-fetch.ts";

/** What a handler may use. Nothing in it outlives the step. */
export interface HandlerContext {
  /** Aborts within a second of a pause or cancel, and when the worker has to end. */
  signal: AbortSignal;
  clock: Clock;
  fetch: SafeFetch["fetch"];
  open: SafeFetch["open"];
  /** Shows the user how far the step is; costs nothing, since reports are gathered. */
  progress(progress: Progress): void;
  /** A line in the session's log, for the user. Goes out with the next report or with the step's effect. */
  log(level: LogLevel, message: string): void;
}

/**
 * Does one bounded step of one kind of work, in a few seconds at most. It may be killed anywhere and
 * called again with the same item: everything that must happen once belongs into the outcome's effect.
 * It rejects for trouble that may pass (see `describeFailure`); whatever is final is an effect.
 */
export interface Handler {
  kind: string;
  run(item: WorkItem, context: HandlerContext): Promise<StepOutcome>;
}

import type { Failure, WorkItem } from "../queue/queue.ts";

/** The lease was lost: paused, cancelled, or taken over after a long silence. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** The worker's own time is up; the step goes back to the queue untouched. */
export class WorkerStopping extends Error {
  override readonly name = "WorkerStopping";
}

/** The column's limit; a message is a sentence or two. */
const maxMessageLength = 300;

/**
 * The one place where an unknown error becomes the queue's. Typed errors (FetchFailure, SourceError,
 * a provider's) carry `code`, and may carry `retryable` and `retryAfterSeconds`. Anything else is a
 * mistake of ours: it is tried again, and its text, which may hold anything, stays in our log.
 */
export function describeFailure(item: WorkItem, cause: unknown): Failure {
  if (!(cause instanceof Error) || !hasCode(cause)) {
    return {
      item,
      code: "internal",
      message:
        "Something went wrong on our side. What was found so far is kept; it is tried again.",
      retryAfterSeconds: null,
      permanent: false,
    };
  }
  const seconds = "retryAfterSeconds" in cause ? cause.retryAfterSeconds : null;
  return {
    item,
    code: cause.code,
    message: cause.message.slice(0, maxMessageLength),
    retryAfterSeconds: typeof seconds === "number" && seconds >= 0 ? seconds : null,
    permanent: "retryable" in cause && cause.retryable === false,
  };
}

/** Ours are in snake_case; those of Node, Deno and Postgres are not and say nothing to a user. */
function hasCode(cause: Error): cause is Error & { code: string } {
  return (
    "code" in cause && typeof cause.code === "string" && /^[a-z][a-z_]{2,40}$/.test(cause.code)
  );
}

import type { Clock } from "./clock.ts";
import { FetchFailure } from "./fetch-failure.ts";

/**
 * A signal that aborts with the caller's reason, or with `timed_out` after `ms`. Always `cancel` it:
 * the caller's signal may outlive thousands of requests.
 */
export function startDeadline(
  clock: Clock,
  ms: number,
  host: string,
  signal: AbortSignal,
): { signal: AbortSignal; cancel(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  const expire = () =>
    controller.abort(new FetchFailure("timed_out", host, { detail: "the time limit was reached" }));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  const cancelTimer = clock.after(Math.max(ms, 0), expire);
  return {
    signal: controller.signal,
    cancel() {
      cancelTimer();
      signal.removeEventListener("abort", abort);
    },
  };
}

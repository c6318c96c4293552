import type { Clock } from "./clock.ts";

interface Limits {
  readonly clock: Clock;
  /** Milliseconds the task may take. */
  readonly ms: number;
  /** Ends it sooner. */
  readonly signal: AbortSignal;
}

/**
 * Runs a task that others wait for, but not for ever: a server that is frozen, or a flow that a
 * proxy has dropped, answers neither yes nor no. The task's own signal is aborted when its time is
 * up; this rejects then, whether or not the task heeds it.
 */
export async function within<T>(
  { clock, ms, signal }: Limits,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const end = (): void => own.abort();
  const ended = new Promise<never>((_, reject) => {
    own.signal.addEventListener("abort", () => reject(own.signal.reason));
  });
  signal.addEventListener("abort", end);
  const cancel = clock.after(ms, end);
  try {
    return await Promise.race([task(own.signal), ended]);
  } finally {
    cancel();
    signal.removeEventListener("abort", end);
  }
}

import { connect } from "./postgres/connect.ts";

export interface SchedulerOptions {
  readonly databaseUrl: string;
  /** Calls the worker; resolves when it has taken notice. May fail: the next tick comes anyway. */
  readonly wake: () => Promise<void>;
  /** Time between two wakes that nobody asked for. */
  readonly tickMs?: number;
  /** Time between the beginnings of two wakes, however many notifications arrive. */
  readonly gapMs?: number;
  readonly log: (line: string) => void;
}

export interface Scheduler {
  close(): Promise<void>;
}

/**
 * What pg_cron and pg_net do on Supabase: calls the worker on every tick, and at once when the queue says
 * by `NOTIFY otis_work` that there is work. A lost notification costs one tick at most.
 */
export async function startScheduler(options: SchedulerOptions): Promise<Scheduler> {
  const { databaseUrl, tickMs = 10_000, log } = options;
  const sql = connect(databaseUrl);
  const waker = createWaker(options.wake, options.gapMs ?? 50, log);
  const tick = setInterval(waker.wake, tickMs);
  // Also called after a lost connection was made again, when notifications may have been missed.
  await sql.listen("otis_work", waker.wake, waker.wake);
  return {
    async close() {
      clearInterval(tick);
      waker.stop();
      await sql.end({ timeout: 1 });
    },
  };
}

/**
 * Merges wakes: one is under way at a time, and any number that arrive meanwhile become one more.
 * Failures are logged once until it works again.
 */
export function createWaker(
  call: () => Promise<void>,
  gapMs: number,
  log: (line: string) => void,
): { wake(): void; stop(): void } {
  let state: "idle" | "calling" | "calling again" | "stopped" = "idle";
  let failing = false;

  async function run(): Promise<void> {
    state = "calling";
    const gap = new Promise((resolve) => setTimeout(resolve, gapMs));
    try {
      await call();
      failing = false;
    } catch (error) {
      if (!failing && !isStopped()) {
        log(`The worker could not be woken: ${error instanceof Error ? error.message : error}`);
      }
      failing = true;
    }
    await gap;
    if (isStopped()) return;
    if (isAskedAgain()) return run();
    state = "idle";
  }
  const isStopped = () => state === "stopped";
  const isAskedAgain = () => state === "calling again";

  return {
    wake() {
      if (state === "idle") void run();
      else if (state === "calling") state = "calling again";
    },
    stop() {
      state = "stopped";
    },
  };
}

import type { Sql } from "postgres";
import { connect } from "./postgres/connect.ts";

export interface SchedulerOptions {
  readonly databaseUrl: string;
  /** Calls the worker; resolves when it has taken notice. May fail: the next tick comes anyway. */
  readonly wake: () => Promise<void>;
  /** Longest time between two looks at the queue; pg_cron's interval on Supabase. */
  readonly tickMs?: number;
  readonly log: (line: string) => void;
}

export interface Scheduler {
  close(): Promise<void>;
}

/** Between the beginnings of two wakes, however many notifications arrive. */
const WAKE_GAP_MS = 50;
/** Between two rounds of housekeeping; pg_cron's interval on Supabase. */
const HOUSEKEEPING_MS = 600_000;
/** What stays due may be waiting for a vendor's limit: no reason to ask for it all the time. */
const SHORTEST_TICK_MS = 1_000;

/**
 * What pg_cron and pg_net do on Supabase: looks at the queue by `otis.tick()`, at the latest every `tickMs` and
 * earlier when something falls due, and calls the worker if there is work; at once when the queue says so by
 * `NOTIFY otis_work`. A lost notification costs one tick at most. Now and then it keeps house.
 */
export async function startScheduler(options: SchedulerOptions): Promise<Scheduler> {
  const { databaseUrl, tickMs = 5_000, log } = options;
  const sql = connect(databaseUrl, 2);
  const waker = createWaker(options.wake, WAKE_GAP_MS, log);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function tick(): Promise<void> {
    const due = await readDue(sql);
    if (due !== null && due <= 0) waker.wake();
    const next = Math.min(tickMs, Math.max(due ?? tickMs, SHORTEST_TICK_MS));
    if (!closed) timer = setTimeout(tick, next);
  }

  // Also called after a lost connection was made again, when notifications may have been missed.
  await sql.listen("otis_work", waker.wake, waker.wake);
  await tick();
  await keepHouse(sql, log);
  const housekeeping = setInterval(() => void keepHouse(sql, log), HOUSEKEEPING_MS);
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      clearInterval(housekeeping);
      waker.stop();
      await sql.end({ timeout: 1 });
    },
  };
}

/** Milliseconds until something has to be done; null for nothing at all, or while the database is away. */
async function readDue(sql: Sql): Promise<number | null> {
  try {
    const [row] = await sql<{ due: number | null }[]>`
      select extract(epoch from otis.tick())::float8 * 1000 as due
    `;
    return row?.due ?? null;
  } catch {
    return null;
  }
}

/** Deletes what is past its date. Whatever fails is left for the next round. */
async function keepHouse(sql: Sql, log: (line: string) => void): Promise<void> {
  try {
    // One owner's at a time.
    while ((await sql`select otis.forget_people() as forgotten`)[0]?.forgotten > 0);
    await sql`select otis.keep_house()`;
  } catch (error) {
    log(`The housekeeping failed: ${error instanceof Error ? error.message : error}`);
  }
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

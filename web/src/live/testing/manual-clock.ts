import type { Cancel, Clock } from "../clock.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

/** A clock that stands still until it is told to move. Promises are settled between timers. */
export class ManualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(now = Date.UTC(2026, 0, 15, 9)) {
    this.#now = now;
  }

  now = (): number => this.#now;

  after = (ms: number, task: () => void): Cancel => {
    this.#order += 1;
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order, task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Runs everything that is due within the next `ms` milliseconds, in order. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (let ran = 0; ; ran++) {
      if (ran > 100_000) throw new Error("timers keep each other busy and time does not pass");
      await settle();
      const next = this.#next();
      if (next === undefined || next.at > until) break;
      this.#now = Math.max(this.#now, next.at);
      this.#timers.delete(next);
      next.task();
    }
    this.#now = until;
  }

  /** Time passes, nothing runs: the machine is suspended. What was due runs late, afterwards. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (next === undefined || timer.at < next.at) next = timer;
      else if (timer.at === next.at && timer.order < next.order) next = timer;
    }
    return next;
  }
}

/** Lets every promise that can settle do so. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A small seeded generator (mulberry32), so that a failing run can be run again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

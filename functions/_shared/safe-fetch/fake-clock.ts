import { setImmediate } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/** A clock for tests: time passes only when `advance` is called. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  readonly #timers = new Set<{ at: number; task: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    const timer = { at: this.#now + ms, task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that are set and neither fired nor cancelled: a leak when a test expects none. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Fires what falls due, in order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const [next] = [...this.#timers].filter((t) => t.at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets every promise that can settle do so. */
const settle = () => setImmediate();

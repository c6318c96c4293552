import type { Clock } from "./clock.ts";
import type { Subscribable } from "./subscribable.ts";
import { Signal } from "./subscribable.ts";

/** Latencies kept for the percentiles. */
const SAMPLES = 256;

/** What the connection badge shows and `client_metrics` stores. Durations in milliseconds. */
export interface MetricsSnapshot {
  /** Commit → applied, of the last changes that arrived live. Null before the first. */
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly latencyLastMs: number | null;
  /** Links that were up and broke. */
  readonly reconnects: number;
  /** Delta reads that brought what the live transport had lost. */
  readonly gapsHealed: number;
  /** Revisions that those reads brought. */
  readonly droppedFrames: number;
  /** Requests made: delta pages and opened streams. */
  readonly requests: number;
  /** When something was last applied, in clock time. */
  readonly lastUpdateAt: number | null;
}

const nothing: MetricsSnapshot = {
  latencyP50Ms: null,
  latencyP95Ms: null,
  latencyLastMs: null,
  reconnects: 0,
  gapsHealed: 0,
  droppedFrames: 0,
  requests: 0,
  lastUpdateAt: null,
};

type Counter = "reconnects" | "gapsHealed" | "droppedFrames" | "requests";

/** Counts and times what a scope's connection does. */
export class Metrics implements Subscribable<MetricsSnapshot> {
  readonly #clock: Clock;
  readonly #latencies: number[] = [];
  readonly #snapshot = new Signal(nothing);
  /** The smallest difference seen between this clock and the server's: its offset, if negative. */
  #offset = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly get = (): MetricsSnapshot => this.#snapshot.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#snapshot.subscribe(listener);

  count(counter: Counter, by = 1): void {
    const now = this.get();
    this.#snapshot.set({ ...now, [counter]: now[counter] + by });
  }

  /** Changes were applied; `committedAt` is the server's time of the newest, if it came live. */
  applied(committedAt: number | null): void {
    const now = this.#clock.now();
    if (committedAt !== null) {
      this.#offset = Math.min(this.#offset, now - committedAt);
      this.#latencies.push(now - committedAt - this.#offset);
      if (this.#latencies.length > SAMPLES) this.#latencies.shift();
    }
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    this.#snapshot.set({
      ...this.get(),
      latencyP50Ms: percentile(sorted, 0.5),
      latencyP95Ms: percentile(sorted, 0.95),
      latencyLastMs: this.#latencies.at(-1) ?? null,
      lastUpdateAt: now,
    });
  }
}

/** The nearest-rank percentile of sorted values; null of none. */
export function percentile(sorted: readonly number[], part: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}

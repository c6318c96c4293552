import { CatchUp, type CaughtUp } from "./catch-up.ts";
import type { Cancel, Clock, Random } from "./clock.ts";
import { Cursor } from "./cursor.ts";
import {
  type Change,
  type Delta,
  DeltaFailure,
  type Flags,
  type ReadDelta,
  type Scope,
} from "./delta.ts";
import { DeltaPages } from "./delta-pages.ts";
import type { Metrics } from "./metrics.ts";
import type { RowStore } from "./row-store.ts";

/** What a reconciler tells whoever holds it. */
export interface ReconcilerEvents {
  /** Checkpoints go to the store now. `committedAt`: server time, if they came live. */
  committed(changes: readonly Change[], committedAt: number | null): void;
  flags(flags: Flags): void;
  /** A read has ended: well (null), or not. */
  readEnded(failure: DeltaFailure | null): void;
}

interface ReconcilerDeps {
  readonly scope: Scope;
  readonly read: ReadDelta;
  readonly clock: Clock;
  readonly random: Random;
  readonly store: RowStore;
  readonly metrics: Metrics;
  readonly events: ReconcilerEvents;
}

/**
 * Makes the row store equal to the database out of hints and deltas.
 *
 * Changes go through the cursor, which lets only closed checkpoints pass; deltas go in whole,
 * since only a whole delta is a state the database was in. The one exception is the first read,
 * whose pages are shown as they come, and what views show first ahead of its turn, while the
 * store says "loading".
 */
export class Reconciler {
  readonly #deps: ReconcilerDeps;
  readonly #cursor: Cursor;
  readonly #catchUp: CatchUp;
  readonly #readPages = new DeltaPages();
  readonly #pushedPages = new DeltaPages();
  #ready = false;
  /** The scope's revision as the last page told it. */
  #told = 0;
  #cancelReorder: Cancel = () => {};

  constructor(deps: ReconcilerDeps) {
    const { clock, random, read, metrics } = deps;
    this.#deps = deps;
    this.#cursor = new Cursor(deps.scope.pulseTable);
    this.#catchUp = new CatchUp({
      read,
      clock,
      random,
      target: {
        since: () => this.revision,
        take: (since, page) => this.#take(since, page),
        requested: () => metrics.count("requests"),
        ended: (failure) => this.#readEnded(failure),
      },
    });
  }

  /** Everything up to here is in the store. */
  get revision(): number {
    return this.#cursor.revision;
  }

  get retryAt(): number | null {
    return this.#catchUp.retryAt;
  }

  get failing(): boolean {
    return this.#catchUp.failing;
  }

  /** Reads the delta; resolves when a read that began after this call has ended. */
  read(): Promise<CaughtUp> {
    return this.#catchUp.run();
  }

  /** Reads the delta unless a failed read is waiting to be tried again. */
  heal(): void {
    this.#catchUp.heal();
  }

  /** Holds all reading back, or makes up for what was held back. */
  setPaused(paused: boolean): void {
    if (paused) this.#catchUp.pause();
    else this.#catchUp.resume();
  }

  stop(): void {
    this.#catchUp.stop();
    this.#cancelReorder();
  }

  /** A change off the wire. */
  change(change: Change, committedAt: number | null): void {
    const now = this.#deps.clock.now();
    if (this.#cursor.offer(change, now) === "closed") {
      this.#commit(this.#cursor.release(now), committedAt);
    }
    this.#planReorder();
  }

  /** A page that the server read for us above `since`. */
  delta(since: number, page: Delta, committedAt: number | null): void {
    if (page.flags !== null) this.#deps.events.flags(page.flags);
    const whole = this.#pushedPages.add(since, page);
    if (whole === null) return;
    if (whole.since > this.revision) this.heal();
    else this.#cover(whole.changes, page.upto, committedAt);
  }

  /** Somebody says that the scope is at `revision`. */
  newest(revision: number): void {
    if (revision > this.revision) this.heal();
  }

  #take(since: number, page: Delta): void {
    if (page.flags !== null) this.#deps.events.flags(page.flags);
    // Rows may be held up to what was told, not only up to the cursor.
    if (page.revision < Math.max(since, this.#told)) throw new DeltaFailure("stale", {});
    this.#told = page.revision;
    if (page.more && !this.#ready) {
      this.#cover([...page.changes, ...page.ahead], page.upto, null);
    } else {
      const whole = this.#readPages.add(since, page);
      if (whole === null) return;
      this.#ready = true;
      this.#cover(whole.changes, page.upto, null);
    }
  }

  #cover(changes: readonly Change[], upto: number, committedAt: number | null): void {
    const now = this.#deps.clock.now();
    this.#cursor.cover(upto, now);
    this.#commit([...changes, ...this.#cursor.release(now)], committedAt);
    this.#planReorder();
  }

  #commit(changes: readonly Change[], committedAt: number | null): void {
    const { store, events } = this.#deps;
    events.committed(changes, committedAt);
    store.commit(changes, this.revision, this.#ready);
  }

  #readEnded(failure: DeltaFailure | null): void {
    if (failure?.kind === "stale") this.#startOver();
    else this.#deps.events.readEnded(failure);
  }

  /** The database no longer has the history that the store was built from. */
  #startOver(): void {
    this.#cursor.reset();
    this.#ready = false;
    this.#told = 0;
    this.#deps.store.reset();
    void this.#catchUp.run();
  }

  /** A hole, or a statement without its end, is read after the time the cursor gives it. */
  #planReorder(): void {
    const { clock, metrics } = this.#deps;
    this.#cancelReorder();
    const { dueAt } = this.#cursor;
    if (dueAt === null || !this.#ready) return;
    this.#cancelReorder = clock.after(Math.max(0, dueAt - clock.now()), () => {
      metrics.count("gapsHealed");
      metrics.count("droppedFrames", this.#cursor.missing);
      this.heal();
    });
  }
}

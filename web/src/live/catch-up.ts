import { fullJitter, reconnectBackoff } from "./backoff.ts";
import type { Cancel, Clock, Random } from "./clock.ts";
import { type Delta, DeltaFailure, type DeltaFailureKind, type ReadDelta } from "./delta.ts";
import { within } from "./within.ts";

/** Rows of the first page: few, since somebody waits for them. */
export const FIRST_PAGE_ROWS = 500;
/** Rows of the pages after it. At some 800 bytes a row, one is parsed in 20 ms. */
export const PAGE_ROWS = 4_000;
/** How long a page may take: twice as long after each failure, since a line may just be slow. */
export const PAGE_TIMEOUT_MS = 15_000;
const LONGEST_PAGE_TIMEOUT_MS = 120_000;

/** How a catch-up ended. "paused": it is owed, and made up for at `resume`. */
export type CaughtUp =
  | { readonly kind: "done"; readonly changed: number }
  | { readonly kind: "paused" }
  | {
      readonly kind: "failed";
      readonly why: DeltaFailureKind;
      readonly retryAfterMs: number | null;
    };

/** What a catch-up works on. */
export interface CatchUpTarget {
  /** Where to read from. */
  since(): number;
  /** Takes a page that starts at `since`; the last page of a catch-up has `more` false. */
  take(since: number, page: Delta): void;
  /** Called once a request, for the books. */
  requested(): void;
  /** A reading has ended: well (null), or not. */
  ended(failure: DeltaFailure | null): void;
}

interface CatchUpDeps {
  readonly read: ReadDelta;
  readonly clock: Clock;
  readonly random: Random;
  readonly target: CatchUpTarget;
}

/**
 * Reads the delta, one reading at a time.
 *
 * `run()` promises a reading that *begins after the call*, since only that one is sure to see
 * what made the caller ask; any number of calls during a reading share the next. A failed
 * reading is tried again with full jitter, never before `Retry-After`, until one succeeds.
 * While paused (a hidden tab) nothing is sent, only remembered.
 */
export class CatchUp {
  readonly #deps: CatchUpDeps;
  readonly #abort = new AbortController();
  #running: Promise<CaughtUp> | null = null;
  /** Whether the reading has really begun; who asks in the same breath shares it. */
  #begun = false;
  #next: Promise<CaughtUp> | null = null;
  #owed = false;
  #paused = false;
  #failures = 0;
  #retryAt: number | null = null;
  #cancelRetry: Cancel | null = null;

  constructor(deps: CatchUpDeps) {
    this.#deps = deps;
  }

  /** When the next attempt after a failure is made, in clock time; null when none is due. */
  get retryAt(): number | null {
    return this.#retryAt;
  }

  /** Whether the last reading failed. */
  get failing(): boolean {
    return this.#failures > 0;
  }

  run(): Promise<CaughtUp> {
    if (this.#abort.signal.aborted) return Promise.resolve({ kind: "paused" });
    if (this.#paused) {
      this.#owed = true;
      return Promise.resolve({ kind: "paused" });
    }
    if (this.#running === null) return this.#start();
    if (!this.#begun) return this.#running;
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      return this.run();
    });
    return this.#next;
  }

  /** Like `run`, but leaves the timing to the retry that is under way, if there is one. */
  heal(): void {
    if (this.#retryAt === null) void this.run();
  }

  pause(): void {
    this.#paused = true;
    if (this.#cancelRetry === null) return;
    this.#owed = true;
    this.#clearRetry();
  }

  /** Ends the pause; makes up for what was asked meanwhile. */
  resume(): void {
    this.#paused = false;
    if (this.#owed) void this.run();
  }

  stop(): void {
    this.#abort.abort();
    this.#clearRetry();
  }

  #start(): Promise<CaughtUp> {
    this.#owed = false;
    this.#begun = false;
    this.#clearRetry();
    const running = this.#readAll().finally(() => {
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }

  async #readAll(): Promise<CaughtUp> {
    const { target } = this.#deps;
    const { signal } = this.#abort;
    await Promise.resolve();
    if (signal.aborted) return { kind: "paused" };
    this.#begun = true;
    let since = target.since();
    let changed = 0;
    try {
      for (;;) {
        target.requested();
        const page = await this.#readPage(since);
        if (signal.aborted) return { kind: "paused" };
        changed += page.changes.length;
        target.take(since, page);
        // A page that claims more but brings nothing new would be asked for again for ever.
        if (!page.more || page.upto <= since) break;
        since = page.upto;
      }
    } catch (cause) {
      if (signal.aborted) return { kind: "paused" };
      return this.#fail(
        cause instanceof DeltaFailure ? cause : new DeltaFailure("server", { cause }),
      );
    }
    this.#failures = 0;
    target.ended(null);
    return { kind: "done", changed };
  }

  #readPage(since: number): Promise<Delta> {
    const { read, clock } = this.#deps;
    const limit = since === 0 ? FIRST_PAGE_ROWS : PAGE_ROWS;
    const ms = Math.min(PAGE_TIMEOUT_MS * 2 ** this.#failures, LONGEST_PAGE_TIMEOUT_MS);
    return within({ clock, ms, signal: this.#abort.signal }, (signal) =>
      read(since, limit, signal),
    );
  }

  #fail(failure: DeltaFailure): CaughtUp {
    const { clock, random, target } = this.#deps;
    this.#failures += 1;
    if (failure.kind !== "gone" && failure.kind !== "stale") {
      const backoff = fullJitter(this.#failures, random(), reconnectBackoff);
      const wait = Math.max(failure.retryAfterMs ?? 0, backoff);
      this.#retryAt = clock.now() + wait;
      this.#cancelRetry = clock.after(wait, () => {
        this.#clearRetry();
        void this.run();
      });
    }
    target.ended(failure);
    return { kind: "failed", why: failure.kind, retryAfterMs: failure.retryAfterMs };
  }

  #clearRetry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#retryAt = null;
  }
}

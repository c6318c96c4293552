import type { Change } from "./delta.ts";

/** How long a change may wait for the ones before it (design §5). */
export const REORDER_MS = 150;
/** How long a statement may stream in before reading it is quicker than waiting for it. */
export const STREAM_MS = 1_000;
/** Beyond this many waiting changes the buffer is thrown away; the delta read has them all. */
export const MAX_WAITING = 20_000;

/** What became of an offered change. */
export type Offered = "waiting" | "closed" | "stale" | "doubled";

/**
 * Turns changes that arrive in any order, twice or never into closed checkpoints.
 *
 * `revision` is the last released revision: everything up to it is out, nothing above. A change
 * is released when all revisions below it have arrived *and* so has a pulse above it (the event
 * of the scope's own row, which ends every statement): the rows of a statement are never
 * released without each other. What still waits at `dueAt` is left to a delta read.
 */
export class Cursor {
  #revision: number;
  /** Newest pulse of the unbroken run above `#revision`; equal to it when there is none. */
  #closed: number;
  /** End of the unbroken run. */
  #unbroken: number;
  #progressAt = 0;
  #startedAt = 0;
  readonly #waiting = new Map<number, Change>();
  readonly #pulseTable: string;

  constructor(pulseTable: string, revision = 0) {
    this.#pulseTable = pulseTable;
    this.#revision = revision;
    this.#closed = revision;
    this.#unbroken = revision;
  }

  get revision(): number {
    return this.#revision;
  }

  /** How many revisions are missing below the newest that waits. */
  get missing(): number {
    let newest = this.#revision;
    for (const revision of this.#waiting.keys()) newest = Math.max(newest, revision);
    return newest - this.#revision - this.#waiting.size;
  }

  /** When a delta read becomes due, or null while nothing waits. */
  get dueAt(): number | null {
    if (this.#waiting.size === 0) return null;
    return Math.min(this.#progressAt + REORDER_MS, this.#startedAt + STREAM_MS);
  }

  /** Takes a change off the wire. "closed": `release()` has a checkpoint to give. */
  offer(change: Change, now: number): Offered {
    if (change.revision <= this.#revision) return "stale";
    if (this.#waiting.has(change.revision)) return "doubled";
    if (this.#waiting.size >= MAX_WAITING) this.#restart(this.#revision);
    if (this.#waiting.size === 0) this.#startedAt = this.#progressAt = now;
    this.#waiting.set(change.revision, change);
    if (this.#extend()) this.#progressAt = now;
    return this.#closed > this.#revision ? "closed" : "waiting";
  }

  /** The changes of every checkpoint that is complete by now, in revision order. */
  release(now: number): Change[] {
    const changes: Change[] = [];
    while (this.#revision < this.#closed) {
      this.#revision += 1;
      const change = this.#waiting.get(this.#revision);
      if (change !== undefined) changes.push(change);
      this.#waiting.delete(this.#revision);
    }
    this.#startedAt = this.#progressAt = now;
    return changes;
  }

  /** A delta read has brought everything up to `revision`; later checkpoints may now be closed. */
  cover(revision: number, now: number): void {
    if (revision <= this.#revision) return;
    for (const waiting of [...this.#waiting.keys()]) {
      if (waiting <= revision) this.#waiting.delete(waiting);
    }
    this.#revision = revision;
    this.#closed = this.#unbroken = revision;
    this.#startedAt = this.#progressAt = now;
    this.#extend();
  }

  /** Forgets everything: the scope's history was replaced (a restored database). */
  reset(): void {
    this.#restart(0);
  }

  #restart(revision: number): void {
    this.#waiting.clear();
    this.#revision = this.#closed = this.#unbroken = revision;
  }

  /** Follows the unbroken run as far as it goes; true if it grew. */
  #extend(): boolean {
    const before = this.#unbroken;
    for (;;) {
      const next = this.#waiting.get(this.#unbroken + 1);
      if (next === undefined) return this.#unbroken > before;
      this.#unbroken += 1;
      if (next.table === this.#pulseTable) this.#closed = this.#unbroken;
    }
  }
}

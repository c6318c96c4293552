import type { Change, Delta } from "./delta.ts";

/** All the pages of one delta. */
export interface WholeDelta {
  readonly since: number;
  readonly changes: Change[];
}

/**
 * Collects the pages of a delta until the last: a page may end in the middle of a statement,
 * the whole delta never does. A page that does not continue the one before begins a new delta.
 */
export class DeltaPages {
  #since = 0;
  #upto: number | null = null;
  #changes: Change[] = [];

  /** The whole delta, once `page` completes it. */
  add(since: number, page: Delta): WholeDelta | null {
    if (since !== this.#upto) {
      this.#since = since;
      this.#changes = [];
    }
    for (const change of page.changes) this.#changes.push(change);
    this.#upto = page.more ? page.upto : null;
    if (page.more) return null;
    const whole = { since: this.#since, changes: this.#changes };
    this.#changes = [];
    return whole;
  }
}

import type { Row } from "./delta.ts";

/** A row as the store keeps it. A new version of a row is a new entry. */
export interface Entry {
  readonly id: string;
  readonly revision: number;
  readonly row: Row;
}

/** What a view wants to see of a table. `key` names it: equal keys must mean equal queries. */
export interface QuerySpec {
  readonly table: string;
  readonly key: string;
  readonly filter?: ((row: Row) => boolean) | undefined;
  readonly sort?: ((a: Row, b: Row) => number) | undefined;
}

/** One row's step from one version to the next; either side may be missing. */
export interface Step {
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

/** From this many steps on, one merge of the whole list is quicker than moving rows one by one. */
const MERGE_FROM = 32;

/**
 * The sorted list of one query, kept up to date row by row.
 *
 * `ids` keeps its identity until membership or order changes, so a list does not render
 * because one of its rows did. Rows that compare equal stay in id order: the order is total.
 */
export class LiveQuery {
  #entries: Entry[] = [];
  #ids: readonly string[] = [];
  readonly #filter: (row: Row) => boolean;
  readonly #compare: (a: Entry, b: Entry) => number;

  constructor({ filter = () => true, sort = () => 0 }: QuerySpec, entries: Iterable<Entry>) {
    this.#filter = filter;
    this.#compare = (a, b) => sort(a.row, b.row) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
    for (const entry of entries) if (filter(entry.row)) this.#entries.push(entry);
    this.#entries.sort(this.#compare);
    this.#publish();
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Follows the steps of one batch. True if `ids` changed. */
  apply(steps: readonly Step[]): boolean {
    const moved =
      steps.length < MERGE_FROM
        ? steps.reduce((any, step) => this.#move(step) || any, false)
        : this.#merge(steps);
    return moved && this.#publish();
  }

  #move({ before, after }: Step): boolean {
    const leaves = before !== undefined && this.#filter(before.row);
    const enters = after !== undefined && this.#filter(after.row);
    if (leaves) {
      const at = this.#position(before);
      if (enters && this.#fits(after, at)) {
        this.#entries[at] = after;
        return false;
      }
      this.#entries.splice(at, 1);
    }
    if (enters) this.#entries.splice(this.#position(after), 0, after);
    return leaves || enters;
  }

  /** Whether the entry may stand at `at` instead of the one that stands there. */
  #fits(entry: Entry, at: number): boolean {
    const left = this.#entries[at - 1];
    const right = this.#entries[at + 1];
    return (
      (left === undefined || this.#compare(left, entry) < 0) &&
      (right === undefined || this.#compare(entry, right) < 0)
    );
  }

  /** Where the entry stands, or would stand. */
  #position(entry: Entry): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#entries[middle];
      if (other !== undefined && this.#compare(other, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #merge(steps: readonly Step[]): boolean {
    const gone = new Set<Entry>();
    const added: Entry[] = [];
    for (const { before, after } of steps) {
      if (before !== undefined) gone.add(before);
      if (after !== undefined && this.#filter(after.row)) added.push(after);
    }
    added.sort(this.#compare);
    const merged: Entry[] = [];
    let next = 0;
    for (const entry of this.#entries) {
      if (gone.has(entry)) continue;
      for (let add = added[next]; add && this.#compare(add, entry) < 0; add = added[next]) {
        merged.push(add);
        next += 1;
      }
      merged.push(entry);
    }
    this.#entries = merged.concat(added.slice(next));
    return true;
  }

  #publish(): boolean {
    const ids = this.#entries.map((entry) => entry.id);
    if (ids.length === this.#ids.length && ids.every((id, at) => id === this.#ids[at])) {
      return false;
    }
    this.#ids = ids;
    return true;
  }
}

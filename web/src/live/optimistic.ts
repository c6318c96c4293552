import type { Row } from "./delta.ts";
import { shareEqual } from "./sharing.ts";

/** What the user sees of her own change before the database has confirmed it. */
export interface Patch {
  /** Idempotency key of the mutation this patch belongs to. */
  readonly key: string;
  readonly table: string;
  readonly id: string;
  readonly change: Row;
}

interface Laid extends Patch {
  /**
   * Null: undecided. A revision: the change is in the database from there on. "agreed": the
   * server did it without saying where, so the patch ends when the row beneath says the same.
   */
  acknowledged: number | "agreed" | null;
}

const at = (table: string, id: string): string => `${table}/${id}`;

/** Where a patch lies, or lay. */
export type Place = Pick<Patch, "table" | "id">;

/**
 * Patches over rows, in the order in which they were made.
 *
 * A patch ends in one of two ways: the cursor passes the revision that acknowledges it (the row
 * beneath then says the same), or the server refuses it (the row beneath shows again).
 */
export class Overlay {
  readonly #patches = new Map<string, Laid[]>();

  lay(patch: Patch): void {
    const place = at(patch.table, patch.id);
    const laid = this.#patches.get(place) ?? [];
    this.#patches.set(place, [...laid, { ...patch, acknowledged: null }]);
  }

  /** `row` as the user sees it, or `row` itself if nothing lies over it. */
  over(table: string, id: string, row: Row): Row {
    const laid = this.#patches.get(at(table, id));
    if (laid === undefined) return row;
    return Object.assign({}, row, ...laid.map((patch) => patch.change));
  }

  covers(table: string, id: string): boolean {
    return this.#patches.has(at(table, id));
  }

  /**
   * The server has done it: the patches of `key` go when the cursor passes `revision`, or, where
   * that is not known (null), when the row beneath agrees. Returns whether there are any.
   */
  acknowledge(key: string, revision: number | null): boolean {
    let any = false;
    for (const laid of this.#patches.values()) {
      for (const patch of laid) {
        if (patch.key !== key) continue;
        patch.acknowledged = revision ?? "agreed";
        any = true;
      }
    }
    return any;
  }

  /** Takes away the patches of a refused mutation. Returns where they lay. */
  rollBack(key: string): Place[] {
    return this.#remove((laid) => laid.filter((patch) => patch.key !== key));
  }

  /** Takes away what the database has confirmed by `revision`. Returns where it lay. */
  pass(revision: number, beneath: (place: Place) => Row | undefined): Place[] {
    const isConfirmed = (patch: Laid): boolean => {
      if (patch.acknowledged === "agreed") return agrees(beneath(patch), patch.change);
      return patch.acknowledged !== null && patch.acknowledged <= revision;
    };
    return this.#remove((laid) => {
      // Changes are done in order: what was done before a confirmed one is confirmed with it.
      const newest = laid.findLastIndex(isConfirmed);
      return laid.filter(({ acknowledged }, at) => at > newest || acknowledged === null);
    });
  }

  #remove(without: (laid: readonly Laid[]) => Laid[]): Place[] {
    const places: Place[] = [];
    for (const [place, laid] of this.#patches) {
      const left = without(laid);
      const [first] = laid;
      if (left.length === laid.length || first === undefined) continue;
      places.push({ table: first.table, id: first.id });
      if (left.length === 0) this.#patches.delete(place);
      else this.#patches.set(place, left);
    }
    return places;
  }
}

const agrees = (row: Row | undefined, change: Row): boolean =>
  row !== undefined &&
  Object.keys(change).every((column) => shareEqual(row[column], change[column]) === row[column]);

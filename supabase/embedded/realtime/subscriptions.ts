import type { Claims } from "./authorise.ts";
import type { ColumnCondition, Tuple } from "./filter.ts";
import type { Version } from "./protocol.ts";
import type { SubscriptionRequest } from "./subscription-request.ts";

/** A channel as seen by those who send to it. */
export interface Subscriber {
  readonly topic: string;
  readonly version: Version;
  readonly claims: Claims;
  send(frame: Buffer): void;
  /** A subscription that was fine cannot be served any longer; it has been dropped. */
  reject(message: string): void;
}

export interface Subscription {
  readonly subscriber: Subscriber;
  /** The number under which the client knows it. */
  readonly id: number;
  readonly request: SubscriptionRequest;
}

/** A subscription on one table, with its conditions bound to the table's columns. */
export interface Placement {
  readonly subscription: Subscription;
  readonly conditions: readonly ColumnCondition[];
}

interface TableEntries {
  readonly all: Map<Subscription, Placement>;
  /** Those that no condition of the kind "column is one of these values" narrows down. */
  readonly loose: Set<Placement>;
  /** The others by column and value. */
  readonly keyed: Map<string, Map<string, Set<Placement>>>;
}

/** Key of a table in the index. */
export function tableKey(table: { readonly schema: string; readonly name: string }): string {
  return JSON.stringify([table.schema, table.name]);
}

/**
 * Who listens to what. Finding the subscriptions that a row may concern takes time in proportion to those
 * found, so hundreds of subscribers that each filter for their own rows cost a change nothing.
 */
export class SubscriptionIndex {
  readonly #tables = new Map<string, TableEntries>();
  readonly #wildcards = new Set<Subscription>();
  #size = 0;

  /** Placements of subscriptions on tables. */
  get size(): number {
    return this.#size;
  }

  has(key: string): boolean {
    return this.#tables.has(key) || this.#wildcards.size > 0;
  }

  /** All that listen to a table. */
  of(key: string): Iterable<Placement> {
    return this.#tables.get(key)?.all.values() ?? [];
  }

  /** Subscriptions that name no table, which also cover those that appear later. */
  wildcards(): Iterable<Subscription> {
    return this.#wildcards;
  }

  /** The placements that a row may concern; their conditions have still to be checked. */
  *candidates(key: string, row: Tuple): Iterable<Placement> {
    const entries = this.#tables.get(key);
    if (!entries) return;
    yield* entries.loose;
    for (const [column, byValue] of entries.keyed) {
      const value = row[column];
      if (typeof value === "string") yield* byValue.get(value) ?? [];
    }
  }

  /** Puts a subscription on a table, in place of an earlier placement there. */
  place(key: string, placement: Placement): void {
    const { subscription } = placement;
    this.#take(key, subscription);
    const entries = this.#tables.get(key) ?? { all: new Map(), loose: new Set(), keyed: new Map() };
    this.#tables.set(key, entries);
    entries.all.set(subscription, placement);
    this.#size += 1;
    const { schema, table } = subscription.request;
    if (schema === "*" || table === "*") this.#wildcards.add(subscription);
    const narrow = placement.conditions.find(isNarrow);
    if (!narrow) {
      entries.loose.add(placement);
      return;
    }
    const byValue = entries.keyed.get(narrow.column) ?? new Map<string, Set<Placement>>();
    entries.keyed.set(narrow.column, byValue);
    for (const value of narrow.canonical) {
      if (value === null) continue;
      const same = byValue.get(value) ?? new Set();
      byValue.set(value, same.add(placement));
    }
  }

  /** Takes a subscription off one table. */
  displace(key: string, subscription: Subscription): void {
    this.#take(key, subscription);
  }

  /** Takes a subscription off every table. */
  remove(subscription: Subscription): void {
    this.#wildcards.delete(subscription);
    for (const key of [...this.#tables.keys()]) this.#take(key, subscription);
  }

  #take(key: string, subscription: Subscription): void {
    const entries = this.#tables.get(key);
    const placement = entries?.all.get(subscription);
    if (!entries || !placement) return;
    entries.all.delete(subscription);
    entries.loose.delete(placement);
    this.#size -= 1;
    const narrow = placement.conditions.find(isNarrow);
    const byValue = narrow && entries.keyed.get(narrow.column);
    for (const value of (byValue && narrow.canonical) ?? []) {
      const same = value === null ? undefined : byValue?.get(value);
      same?.delete(placement);
      if (value !== null && same?.size === 0) byValue?.delete(value);
    }
    if (narrow && byValue?.size === 0) entries.keyed.delete(narrow.column);
    if (entries.all.size === 0) this.#tables.delete(key);
  }
}

/** Types of which equal values always print the same, so that the printed value can be a key. */
const PRINTED_ALIKE = new Set(["uuid", "text", "varchar", "bool", "int2", "int4", "int8", "date"]);

function isNarrow(condition: ColumnCondition): boolean {
  return (
    (condition.operator === "eq" || condition.operator === "in") &&
    !condition.negate &&
    PRINTED_ALIKE.has(condition.type.name)
  );
}

import { asRow, booleanAt, listAt, numberAt, type Row, textAt } from "./wire.ts";

export type { Row } from "./wire.ts";

/** One row at one revision of its scope. */
export interface Change {
  readonly table: string;
  /** Value of the table's key column. */
  readonly id: string;
  readonly revision: number;
  readonly row: Row;
}

/** Which transports the server lets this user use. A missing key means "on". */
export type Flags = Readonly<Record<string, boolean>>;

/** The answer to "what is newer than `since`?" (`session_changes`, `inbox_changes`). */
export interface Delta {
  /** The scope's newest revision when this was read. */
  readonly revision: number;
  /** Every change up to here, and above `since`, is in `changes`. Equals `revision` unless `more`. */
  readonly upto: number;
  readonly more: boolean;
  readonly changes: readonly Change[];
  /** Rows above `upto` that views show first. Their turn in `changes` is still to come. */
  readonly ahead: readonly Change[];
  readonly flags: Flags | null;
}

/**
 * A scope counts one sequence of revisions: a session, or a user's inbox.
 * The row of `pulseTable` carries the counter; its event closes every statement.
 */
export interface Scope {
  readonly kind: "session" | "inbox";
  /** The session's id, or the user's. */
  readonly id: string;
  readonly pulseTable: string;
  /** Live tables and the column that filters each of them to this scope. */
  readonly tables: Readonly<Record<string, { readonly scopeColumn: string }>>;
  /** Tables whose key column is not `id`. */
  readonly keys: Readonly<Record<string, string>>;
}

/** The row's identity within its table. Throws if the row has none: such a row cannot be kept. */
export function keyOf(scope: Scope, table: string, row: Row): string {
  const key = row[scope.keys[table] ?? "id"];
  if (typeof key !== "string") throw new TypeError(`a row of ${table} has no key`);
  return key;
}

/**
 * Reads the wire shape of a delta. Rows are checked to be objects but neither copied nor walked:
 * there may be thousands. Throws a `TypeError` on any other shape.
 */
export function parseDelta(scope: Scope, value: unknown): Delta {
  const delta = asRow(value, "the delta");
  const changesAt = (key: string): Change[] =>
    listAt(delta, key).map((entry) => {
      const change = asRow(entry, `an entry of ${key}`);
      const table = textAt(change, "table");
      const row = asRow(change.row, "a row");
      return { table, id: keyOf(scope, table, row), revision: numberAt(change, "revision"), row };
    });
  return {
    revision: numberAt(delta, "revision"),
    upto: numberAt(delta, "upto"),
    more: booleanAt(delta, "more"),
    flags: flagsOf(delta.flags),
    changes: changesAt("rows"),
    ahead: delta.ahead ? changesAt("ahead") : [],
  };
}

function flagsOf(value: unknown): Flags | null {
  if (value === undefined || value === null) return null;
  const flags = asRow(value, "flags");
  return Object.fromEntries(Object.keys(flags).map((name) => [name, booleanAt(flags, name)]));
}

/**
 * Why a delta could not be read. "auth": sign in again; "gone": no such scope, or not hers;
 * "stale": the server never gave out `since`, its history was replaced.
 */
export type DeltaFailureKind = "network" | "server" | "throttled" | "auth" | "gone" | "stale";

export class DeltaFailure extends Error {
  readonly kind: DeltaFailureKind;
  /** What the server asked for in `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(kind: DeltaFailureKind, options: { retryAfterMs?: number | null; cause?: unknown }) {
    super(`delta read failed: ${kind}`, { cause: options.cause });
    this.name = "DeltaFailure";
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** Reads one page of a scope's delta. Rejects with a `DeltaFailure`. */
export type ReadDelta = (since: number, limit: number, signal: AbortSignal) => Promise<Delta>;

import * as z from "zod/mini";

/** A database row as it comes off the wire: its own columns, nothing added. */
export type Row = Readonly<Record<string, unknown>>;

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

const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Rows are checked to be objects but neither copied nor walked: there may be thousands. */
const wireDelta = z.object({
  revision: z.number(),
  upto: z.number(),
  more: z.boolean(),
  rows: z.array(z.object({ table: z.string(), revision: z.number(), row: z.custom<Row>(isRow) })),
  flags: z.optional(z.nullable(z.record(z.string(), z.boolean()))),
});

/** Reads the wire shape of a delta. Throws a `ZodError` on any other shape. */
export function parseDelta(scope: Scope, value: unknown): Delta {
  const { revision, upto, more, rows, flags } = z.parse(wireDelta, value);
  return {
    revision,
    upto,
    more,
    flags: flags ?? null,
    changes: rows.map((entry) => ({
      table: entry.table,
      id: keyOf(scope, entry.table, entry.row),
      revision: entry.revision,
      row: entry.row,
    })),
  };
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

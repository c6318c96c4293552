import { createHash } from "node:crypto";
import { type Condition, FilterError, parseFilter } from "./filter-syntax.ts";

export type ChangeType = "INSERT" | "UPDATE" | "DELETE";

/** What one entry of `postgres_changes` in a join asks for. */
export interface SubscriptionRequest {
  readonly event: ChangeType | "*";
  /** `*` stands for any. */
  readonly schema: string;
  readonly table: string;
  readonly conditions: readonly Condition[];
  /** Columns to send beside the primary key; undefined: all. */
  readonly select: readonly string[] | undefined;
}

/** The request cannot be served; the message goes to the subscriber. */
export class RequestError extends Error {}

/** Reads an entry of `postgres_changes`. Throws RequestError. */
export function parseRequest(entry: Readonly<Record<string, unknown>>): SubscriptionRequest {
  const { schema, table, filter } = entry;
  const hasSchema = typeof schema === "string";
  const hasTable = typeof table === "string";
  const wellFormed =
    (hasSchema || schema === undefined) &&
    (hasTable || table === undefined) &&
    (typeof filter === "string"
      ? hasTable && hasSchema
      : filter === undefined || filter === null) &&
    (hasSchema || hasTable);
  if (!wellFormed) {
    throw new RequestError(
      "No subscription params provided. Please provide at least a `schema` or `table` to subscribe to: " +
        JSON.stringify(entry),
    );
  }
  const request = {
    event: parseEvent(entry.event),
    schema: hasSchema ? schema : "public",
    table: hasTable ? table : "*",
    conditions: typeof filter === "string" ? readFilter(filter) : [],
    select: parseSelect(entry.select),
  };
  if (request.select && (request.schema === "*" || request.table === "*")) {
    throw new RequestError(
      "Column selection is not supported for wildcard subscriptions. Provide an explicit schema and table name.",
    );
  }
  return request;
}

function readFilter(filter: string): Condition[] {
  try {
    return parseFilter(filter);
  } catch (cause) {
    if (!(cause instanceof FilterError)) throw cause;
    throw new RequestError(`Error parsing \`filter\` params: ${cause.message}`, { cause });
  }
}

function parseEvent(event: unknown): ChangeType | "*" {
  const name = typeof event === "string" ? event.toUpperCase() : "*";
  return name === "INSERT" || name === "UPDATE" || name === "DELETE" ? name : "*";
}

function parseSelect(select: unknown): string[] | undefined {
  if (typeof select === "string") {
    throw new RequestError(
      'Error parsing `select` params: expected a list of column name strings, e.g. select: ["col1", "col2"]',
    );
  }
  if (!Array.isArray(select)) return undefined;
  const names = select.filter((name) => typeof name === "string");
  return names.length > 0 ? [...new Set(names)].sort() : undefined;
}

/** Identifiers stay below this, as on Supabase, where they are a hash of 27 bits. */
const ID_LIMIT = 2 ** 27;

/**
 * Numbers the entries of a join. An identifier depends on what the entry says, so that it is the same after
 * a rejoin; it is never 0, which the client would take for none. Equal entries share one.
 */
export function numberEntries(entries: readonly object[]): number[] {
  const taken = new Map<number, string>();
  return entries.map((entry) => {
    const text = JSON.stringify(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
    let id = createHash("sha256").update(text).digest().readUInt32BE(0) % ID_LIMIT;
    while (id === 0 || (taken.get(id) ?? text) !== text) id = (id + 1) % ID_LIMIT;
    taken.set(id, text);
    return id;
  });
}

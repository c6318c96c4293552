import type { Pgoutput } from "pg-logical-replication";
import type { Access, Table } from "./catalog.ts";
import type { Tuple } from "./filter.ts";
import { toJsonText } from "./json-value.ts";
import type { ChangeType } from "./subscription-request.ts";

/** One row's change, as the stream tells it. */
export interface Change {
  readonly type: ChangeType;
  readonly relation: Pgoutput.MessageRelation;
  /** ISO 8601 in UTC with milliseconds, as Supabase sends it. */
  readonly committedAt: string;
  /** The new row; empty for DELETE. */
  readonly record: Tuple;
  /** What is known of the old row: its replica identity, or all of it with REPLICA IDENTITY FULL. */
  readonly old: Tuple;
  /** Bytes of all values together. */
  readonly size: number;
}

/** Values that a row's type cannot turn into JSON by itself, by `jsonKey`. */
export type ConvertedValues = ReadonlyMap<string, string>;

/** Beyond this size, a change carries only its small values. Supabase's limit. */
export const MAX_CHANGE_BYTES = 1024 * 1024;
/** What counts as small then, in bytes of JSON. */
const SMALL_VALUE_BYTES = 64;

const NONE: Tuple = {};

/** Reads a row's change; undefined for messages that are none. */
export function readChange(message: Pgoutput.Message, committedAt: string): Change | undefined {
  switch (message.tag) {
    case "insert":
      return make("INSERT", message.relation, committedAt, message.new, NONE);
    case "update": {
      // Without a change of the key the old one is not sent, as it is the new one.
      const old = message.old ?? message.key ?? pick(message.new, message.relation.keyColumns);
      return make("UPDATE", message.relation, committedAt, message.new, old);
    }
    case "delete":
      return make(
        "DELETE",
        message.relation,
        committedAt,
        NONE,
        message.old ?? message.key ?? NONE,
      );
    default:
      return undefined;
  }
}

function make(
  type: ChangeType,
  relation: Pgoutput.MessageRelation,
  committedAt: string,
  record: Tuple,
  old: Tuple,
): Change {
  return { type, relation, committedAt, record, old, size: sizeOf(record) + sizeOf(old) };
}

function pick(row: Tuple, columns: readonly string[]): Tuple {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}

function sizeOf(row: Tuple): number {
  let size = 0;
  for (const column in row) size += Buffer.byteLength(row[column] ?? "");
  return size;
}

/** The row on which a change's filters are tried: as on Supabase the new one, of a DELETE the old one. */
export function filteredRow(change: Change): Tuple {
  return change.type === "DELETE" ? change.old : change.record;
}

/** Identifies a value of a type among converted values. */
export function jsonKey(type: { readonly oid: number }, printed: string): string {
  return `${type.oid} ${printed}`;
}

/**
 * A change's `data` for those who may read the same columns and selected the same, as JSON text.
 * Unchanged toasted values are not in the log and left out, unless the old row has them.
 */
export function encodeChange(
  change: Change,
  table: Table,
  access: Access,
  select: readonly string[] | undefined,
  converted: ConvertedValues,
): string {
  const oversized = change.size > MAX_CHANGE_BYTES;
  const key = new Set(table.key);
  const columns = table.columns.filter(
    ({ name }) =>
      access.selectable.has(name) &&
      (select === undefined || select.includes(name) || key.has(name)),
  );
  const encodeRow = (row: Tuple, onlyKey = false) => {
    const fields: string[] = [];
    for (const { name, type } of columns) {
      const printed = row[name];
      if (printed === undefined || (onlyKey && !key.has(name))) continue;
      const known = printed === null ? "null" : converted.get(jsonKey(type, printed));
      const json = known ?? toJsonText(type.json, printed ?? "");
      if (oversized && Buffer.byteLength(json) > SMALL_VALUE_BYTES) continue;
      fields.push(`${JSON.stringify(name)}:${json}`);
    }
    return `{${fields}}`;
  };
  const described = columns.map(({ name, type }) => ({ name, type: type.name }));
  const parts = [
    head(change),
    `"columns":${JSON.stringify(described)}`,
    `"errors":${oversized ? '["Error 413: Payload Too Large"]' : null}`,
  ];
  if (change.type !== "DELETE") parts.push(`"record":${encodeRow(change.record)}`);
  // Nobody can check a policy against a row that is gone, so no more than its key is told.
  const onlyKey = change.type === "DELETE" && table.rowSecurity;
  if (change.type !== "INSERT") parts.push(`"old_record":${encodeRow(change.old, onlyKey)}`);
  return `{${parts}}`;
}

/** What a subscriber gets who cannot be shown any change of this table. */
export function encodeProblem(change: Change, problem: string): string {
  const parts = [head(change), '"columns":[]', `"errors":[${JSON.stringify(problem)}]`];
  if (change.type !== "DELETE") parts.push('"record":{}');
  if (change.type !== "INSERT") parts.push('"old_record":{}');
  return `{${parts}}`;
}

function head({ relation, committedAt, type }: Change): string {
  return JSON.stringify({
    schema: relation.schema,
    table: relation.name,
    commit_timestamp: committedAt,
    type,
  }).slice(1, -1);
}

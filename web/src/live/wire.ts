/** A database row as it comes off the wire: its own columns, nothing added. */
export type Row = Readonly<Record<string, unknown>>;

/*
 * Reading untyped JSON off the wire. Five shapes are all there is, and a schema library for them
 * would be 9 KB gzip of the first load: these throw a `TypeError` that names what is wrong.
 */

export const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function asRow(value: unknown, name: string): Row {
  if (isRow(value)) return value;
  throw new TypeError(`${name} is no object`);
}

export function numberAt(row: Row, key: string): number {
  const value = row[key];
  if (typeof value === "number") return value;
  throw new TypeError(`${key} is no number`);
}

export function textAt(row: Row, key: string): string {
  const value = row[key];
  if (typeof value === "string") return value;
  throw new TypeError(`${key} is no text`);
}

export function booleanAt(row: Row, key: string): boolean {
  const value = row[key];
  if (typeof value === "boolean") return value;
  throw new TypeError(`${key} is neither true nor false`);
}

export function listAt(row: Row, key: string): readonly unknown[] {
  const value = row[key];
  if (Array.isArray(value)) return value;
  throw new TypeError(`${key} is no list`);
}

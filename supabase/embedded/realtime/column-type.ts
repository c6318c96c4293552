/** How a type's printed value becomes what `to_jsonb` makes of it; "database": only Postgres can tell. */
export type JsonForm =
  | "boolean"
  | "number"
  | "json"
  | "timestamp"
  | "timestamptz"
  | "string"
  | "database"
  | { readonly elements: JsonForm };

/**
 * How two printed values of a type compare: as decimals, as floating point numbers, in the order of their
 * characters, for equality only, or only by asking Postgres.
 */
export type Comparison = "decimal" | "float" | "characters" | "equality" | "database";

export interface ColumnType {
  readonly oid: number;
  /** Name in the catalogue, as messages carry it: `int4`, `_text`. */
  readonly name: string;
  /** Name to cast to in a statement, quoted and qualified where needed. */
  readonly sql: string;
  readonly json: JsonForm;
  readonly comparison: Comparison;
}

export interface TypeRow {
  readonly oid: number;
  readonly name: string;
  readonly sql: string;
  /** `pg_type.typtype`: b base, c composite, d domain, e enum, r range, m multirange, p pseudo. */
  readonly kind: string;
  /** Has a cast to json, which `to_jsonb` would use (hstore). */
  readonly casts_to_json: boolean;
  /** The element type's row when this is an array type. */
  readonly element: TypeRow | null;
}

/** Object identifiers below this one are fixed by Postgres (`FirstNormalObjectId`). */
const FIRST_USER_OID = 16_384;

/** By the fixed object identifiers of `pg_type.dat`. A built-in type that is missing prints as a string. */
const BUILT_IN = new Map<number, { json: JsonForm; comparison: Comparison }>([
  [16, { json: "boolean", comparison: "characters" }], // bool: f < t
  [17, { json: "string", comparison: "equality" }], // bytea
  [20, { json: "number", comparison: "decimal" }], // int8
  [21, { json: "number", comparison: "decimal" }], // int2
  [22, { json: "database", comparison: "database" }], // int2vector
  [23, { json: "number", comparison: "decimal" }], // int4
  [25, { json: "string", comparison: "equality" }], // text
  [26, { json: "string", comparison: "decimal" }], // oid
  [30, { json: "database", comparison: "database" }], // oidvector
  [114, { json: "json", comparison: "database" }], // json
  [603, { json: "database", comparison: "database" }], // box, whose arrays are separated by semicolons
  [700, { json: "number", comparison: "float" }], // float4
  [701, { json: "number", comparison: "float" }], // float8
  [1043, { json: "string", comparison: "equality" }], // varchar
  [1082, { json: "string", comparison: "characters" }], // date
  [1083, { json: "string", comparison: "characters" }], // time
  [1114, { json: "timestamp", comparison: "characters" }], // timestamp
  [1184, { json: "timestamptz", comparison: "characters" }], // timestamptz
  [1700, { json: "number", comparison: "decimal" }], // numeric
  [2950, { json: "string", comparison: "characters" }], // uuid
  [3802, { json: "json", comparison: "database" }], // jsonb
]);

/** What a row of the catalogue means for us. */
export function toColumnType(row: TypeRow): ColumnType {
  const { oid, name, sql } = row;
  return { oid, name, sql, ...classify(row) };
}

function classify(row: TypeRow): { json: JsonForm; comparison: Comparison } {
  if (row.element) {
    const { json } = classify(row.element);
    const known = json !== "database";
    return { json: known ? { elements: json } : "database", comparison: "database" };
  }
  if (row.kind === "e") return { json: "string", comparison: "equality" };
  const builtIn = BUILT_IN.get(row.oid);
  if (builtIn) return builtIn;
  // A composite, a domain over who knows what, or a type with an opinion on its JSON.
  if (row.kind === "c" || row.kind === "d" || row.casts_to_json) {
    return { json: "database", comparison: "database" };
  }
  const plain = row.kind === "b" || row.kind === "r" || row.kind === "m";
  return {
    json: plain || row.oid < FIRST_USER_OID ? "string" : "database",
    comparison: "database",
  };
}

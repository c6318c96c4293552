import type { Sql } from "postgres";
import { isRefusal } from "./authorise.ts";
import type { ColumnType } from "./column-type.ts";
import type { ColumnCondition } from "./filter.ts";
import { type Condition, FilterError, type Operator } from "./filter-syntax.ts";
import type { Logger } from "./logger.ts";

const SYMBOLS = {
  eq: "=",
  neq: "<>",
  lt: "<",
  lte: "<=",
  gt: ">",
  gte: ">=",
  like: "like",
  ilike: "ilike",
  match: "~",
  imatch: "~*",
  isdistinct: "is distinct from",
} as const satisfies Partial<Record<Operator, string>>;

const KEYWORDS = ["null", "true", "false", "unknown"];

/** Already as Postgres prints it, so that hundreds of filters by owner cost no query. */
const CANONICAL: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  text: /^/,
};
const COMPARISONS: readonly Operator[] = [
  "eq",
  "neq",
  "lt",
  "lte",
  "gt",
  "gte",
  "in",
  "isdistinct",
];

/**
 * Binds a condition to the type of its column: checks that Postgres can evaluate it and brings its values
 * into the form in which Postgres prints them. Throws FilterError.
 */
export async function bindCondition(
  sql: Sql,
  condition: Condition,
  type: ColumnType,
): Promise<ColumnCondition> {
  const { operator, values } = condition;
  if (operator === "is") return bindKeyword(condition, type);
  const known = CANONICAL[type.name];
  if (
    known &&
    COMPARISONS.includes(operator) &&
    values.every((each) => each === null || known.test(each))
  ) {
    return { ...condition, type, canonical: values };
  }
  const bound = { ...condition, type, canonical: values };
  try {
    // No rows, but the statement must be a valid one.
    await sql.unsafe(conditionStatement(bound), [[], [...values]]);
    if (operator === "match" || operator === "imatch") await sql`select '' ~ ${values[0] ?? ""}`;
    if (!COMPARISONS.includes(operator)) return bound;
    const rows = await sql.unsafe<{ printed: string | null }[]>(
      // A cast to text would print a few types, such as boolean, in another way than the log does.
      `select case when v is not null then format('%s', v::${type.sql}) end as printed
       from unnest($1::text[]) with ordinality as u (v, place) order by place`,
      [[...values]],
    );
    return { ...bound, canonical: rows.map((row) => row.printed) };
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    throw new FilterError(cause.message, { cause });
  }
}

function bindKeyword(condition: Condition, type: ColumnType): ColumnCondition {
  const keyword = condition.values[0] ?? "";
  if (!KEYWORDS.includes(keyword)) {
    throw new FilterError("invalid value for is filter: must be null, true, false, or unknown");
  }
  if (keyword !== "null" && type.name !== "bool") {
    throw new FilterError(`is ${keyword} filter requires a boolean column, got ${type.sql}`);
  }
  return { ...condition, type, canonical: [keyword] };
}

/**
 * Asks Postgres which of the printed values meet a condition; returns their indexes. A condition that fails
 * on a value (a pattern that turns out invalid, a regular expression without end) matches nothing.
 */
export async function askCondition(
  sql: Sql,
  condition: ColumnCondition,
  values: readonly string[],
  logger: Logger,
): Promise<ReadonlySet<number>> {
  try {
    const rows = await sql.unsafe<{ place: number }[]>(
      conditionStatement(condition),
      [[...values], [...condition.canonical]],
      { prepare: true },
    );
    return new Set(rows.map((row) => row.place - 1));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    logger.warn("A filter failed, it matches nothing", {
      operator: condition.operator,
      reason: error.message,
    });
    return new Set();
  }
}

/** $1: printed values of rows, $2: the condition's values. */
function conditionStatement({ operator, negate, type }: ColumnCondition): string {
  return `
    select place::int4
    from unnest($1::text[]) with ordinality as u (x, place)
    where ${negate ? "not " : ""}(${comparison(operator, type.sql)})`;
}

function comparison(operator: Operator, type: string): string {
  if (operator === "is") throw new Error("`is` is decided without a query");
  if (operator === "in") return `x::${type} = any ($2::text[]::${type}[])`;
  return `x::${type} ${SYMBOLS[operator]} ($2::text[])[1]::${type}`;
}

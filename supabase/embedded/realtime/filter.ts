import type { ColumnType, Comparison } from "./column-type.ts";
import type { Condition } from "./filter-syntax.ts";

/** A condition together with the column it is for, ready to be tried on rows. */
export interface ColumnCondition extends Condition {
  readonly type: ColumnType;
  /** The condition's values as Postgres prints them once cast to the column's type. */
  readonly canonical: readonly (string | null)[];
}

/** Printed values of a row by column; undefined: not known (an unchanged, toasted value). */
export type Tuple = Readonly<Record<string, string | null | undefined>>;

/**
 * Whether a value meets a condition, as Postgres would answer; undefined when only Postgres can tell:
 * patterns, regular expressions, the order of text, and the rarer types and values.
 */
export function meets(condition: ColumnCondition, value: string | null): boolean | undefined {
  const result = holds(condition, value);
  if (result === undefined) return undefined;
  // In SQL what is neither true nor false is not met, and its negation neither.
  return result === null ? false : result !== condition.negate;
}

function holds(condition: ColumnCondition, value: string | null): boolean | null | undefined {
  const { operator, type, canonical } = condition;
  const [first = null] = canonical;
  if (operator === "is") return is(value, first);
  if (operator === "isdistinct") {
    if (value === null || first === null) return value !== first;
    return not(equals(type.comparison, value, first));
  }
  if (operator === "in") return isAmong(type.comparison, value, canonical);
  if (value === null || first === null) return null;
  switch (operator) {
    case "eq":
      return equals(type.comparison, value, first);
    case "neq":
      return not(equals(type.comparison, value, first));
    case "lt":
      return check(order(type.comparison, value, first), (sign) => sign < 0);
    case "lte":
      return check(order(type.comparison, value, first), (sign) => sign <= 0);
    case "gt":
      return check(order(type.comparison, value, first), (sign) => sign > 0);
    case "gte":
      return check(order(type.comparison, value, first), (sign) => sign >= 0);
    default:
      return undefined;
  }
}

function is(value: string | null, keyword: string | null): boolean {
  if (keyword === "null" || keyword === "unknown") return value === null;
  return value === (keyword === "true" ? "t" : "f");
}

function isAmong(
  comparison: Comparison,
  value: string | null,
  candidates: readonly (string | null)[],
): boolean | null | undefined {
  if (candidates.length === 0) return false;
  if (value === null) return null;
  let answer: boolean | null = false;
  for (const candidate of candidates) {
    const equal = candidate === null ? null : equals(comparison, value, candidate);
    if (equal === undefined) return undefined;
    if (equal) return true;
    if (equal === null) answer = null;
  }
  return answer;
}

function equals(comparison: Comparison, left: string, right: string): boolean | undefined {
  if (comparison === "decimal" || comparison === "float") {
    return check(order(comparison, left, right), (sign) => sign === 0);
  }
  // What remains prints equal values equally, and different ones differently.
  return comparison === "database" ? undefined : left === right;
}

function order(comparison: Comparison, left: string, right: string): number | undefined {
  switch (comparison) {
    case "decimal":
      return orderDecimals(left, right);
    case "float": {
      const difference = Math.sign(Number(left) - Number(right));
      return Number.isNaN(difference) ? undefined : difference;
    }
    case "characters":
      if (left === right) return 0;
      // Years beyond four digits or before Christ, and infinity, do not sort as they print.
      if (!SORTS_AS_PRINTED.test(left) || !SORTS_AS_PRINTED.test(right)) return undefined;
      return left < right ? -1 : 1;
    default:
      return undefined;
  }
}

const SORTS_AS_PRINTED =
  /^(?:[tf]|[0-9a-f-]{36}|(?:\d{4}-\d\d-\d\d)?(?: ?\d\d:\d\d:\d\d[\d.]*(?:\+00)?)?)$/;

const DECIMAL = /^(-?)0*(\d*)(?:\.(\d*?)0*)?$/;

/** Compares decimals of any length; undefined for NaN and the infinities. */
function orderDecimals(left: string, right: string): number | undefined {
  const [, leftMinus, leftWhole = "", leftPart = ""] = DECIMAL.exec(left) ?? [];
  const [, rightMinus, rightWhole = "", rightPart = ""] = DECIMAL.exec(right) ?? [];
  if (leftMinus === undefined || rightMinus === undefined) return undefined;
  if (leftMinus !== rightMinus) return leftMinus ? -1 : 1;
  const size =
    leftWhole.length - rightWhole.length ||
    compare(leftWhole, rightWhole) ||
    compare(leftPart, rightPart);
  return size === 0 ? 0 : leftMinus ? -Math.sign(size) : Math.sign(size);
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function check(sign: number | undefined, test: (sign: number) => boolean): boolean | undefined {
  return sign === undefined ? undefined : test(sign);
}

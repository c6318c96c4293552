const OPERATORS = [
  "eq",
  "neq",
  "lt",
  "lte",
  "gt",
  "gte",
  "in",
  "like",
  "ilike",
  "is",
  "match",
  "imatch",
  "isdistinct",
] as const;

export type Operator = (typeof OPERATORS)[number];

/** `column=operator.value`; all conditions of a filter have to hold. */
export interface Condition {
  readonly column: string;
  readonly operator: Operator;
  readonly negate: boolean;
  /** One value, but for `in`, where null stands for an unquoted NULL as in an array of Postgres. */
  readonly values: readonly (string | null)[];
}

/** The filter cannot be read; the message goes to the subscriber. */
export class FilterError extends Error {}

/** Supabase's limit on the values of `in`. */
export const MAX_IN_VALUES = 100;

/**
 * Reads a subscription's filter, such as `owner_id=eq.7,name=not.in.("a,b",c)`. Blank means no condition.
 * Throws FilterError.
 */
export function parseFilter(text: string): Condition[] {
  if (text.trim() === "") return [];
  return splitOutside(text).map((segment) => parseCondition(segment.trim()));
}

function parseCondition(text: string): Condition {
  if (text === "")
    throw new FilterError("filter must not contain empty segments (check for extra commas)");
  const [, column, not, name, value] = /^([^=]*)=(not\.)?([^.]*)\.(.*)$/s.exec(text) ?? [];
  if (column === undefined || name === undefined || value === undefined) {
    throw new FilterError(JSON.stringify([text]));
  }
  const operator = OPERATORS.find((known) => known === name);
  if (!operator) throw new FilterError(JSON.stringify([name, value]));
  const values = operator === "in" ? parseList(value) : [unquote(value)];
  return { column, operator, negate: not !== undefined, values };
}

function parseList(value: string): (string | null)[] {
  if (!value.startsWith("(") || !value.endsWith(")") || value.length < 2) {
    throw new FilterError("`in` filter value must be wrapped by parentheses");
  }
  const inner = value.slice(1, -1);
  if (inner.trim() === "") return [];
  const values = splitOutside(inner).map((item) => {
    const trimmed = item.trim();
    if (/^null$/i.test(trimmed)) return null;
    return trimmed.startsWith('"') ? unquote(trimmed) : trimmed.replaceAll(/\\(.)/gs, "$1");
  });
  if (values.length > MAX_IN_VALUES) {
    throw new FilterError(`too many values for \`in\` filter. Maximum ${MAX_IN_VALUES}`);
  }
  return values;
}

/** Takes PostgREST's double quotes off; a value that is not quoted throughout is left as it is. */
function unquote(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(value)?.[1];
  return quoted === undefined ? value : quoted.replaceAll(/\\(.)/gs, "$1");
}

/**
 * Splits at the commas outside of parentheses and quotes. A quote opens only where a value may begin,
 * so that `name=eq.5" pipe` stays one value.
 */
function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  let previous = ",";
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quoted) {
      if (character === "\\") index += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"' && ".(,".includes(previous)) quoted = true;
    else if (character === "(") depth += 1;
    else if (character === ")") depth = Math.max(0, depth - 1);
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
    previous = character;
  }
  parts.push(text.slice(start));
  return parts;
}

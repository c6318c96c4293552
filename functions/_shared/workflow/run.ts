import type { TransactionSql } from "postgres";
import type { ActionData, ActionName, ActionResults } from "../contract/workflow.ts";
import type { Caller } from "../http/authenticate.ts";

/** What an action works with: one transaction in the caller's name. */
export interface ActionContext {
  readonly transaction: TransactionSql;
  readonly caller: Caller;
}

export type Run<A extends ActionName> = (
  data: ActionData<A>,
  context: ActionContext,
) => Promise<ActionResults[A]>;

export type Runs<A extends ActionName> = { readonly [K in A]: Run<K> };

/**
 * Calls `public.NAME(p_…)` with the fields of `data` as named arguments and returns its jsonb. Rules and
 * errors are SQL's; fields that are undefined take the function's default.
 */
export async function callSql<T>(
  { transaction }: ActionContext,
  name: string,
  data: Readonly<Record<string, unknown>>,
): Promise<T> {
  const given = Object.entries(data).filter(([, value]) => value !== undefined);
  const list = given.map(([field], index) => `p_${field} => $${index + 1}`).join(", ");
  const values = given.map(([, value]) => toParameter(transaction, value));
  const [row] = await transaction.unsafe<{ result: T }[]>(
    `select public.${name}(${list}) as result`,
    values,
  );
  if (!row) throw new Error(`${name} returned no row`);
  return row.result;
}

/** Arrays of text go as Postgres arrays; objects, and arrays of objects, as jsonb. */
function toParameter(transaction: TransactionSql, value: unknown) {
  if (value === null || typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  return transaction.json(JSON.parse(JSON.stringify(value)));
}

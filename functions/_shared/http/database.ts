import postgres, { type Sql, type TransactionSql } from "postgres";
import type { Caller } from "./authenticate.ts";

/** A small pool: a function is one of many, and Postgres is shared by all. */
export function connect(url: string, max = 4): Sql {
  return postgres(url, { max, idle_timeout: 20, connect_timeout: 10, onnotice() {} });
}

/**
 * Runs `work` in one transaction as the caller: role `authenticated`, her claims, row security on.
 * All of it is committed or none.
 */
export async function asCaller<T>(
  sql: Sql,
  caller: Caller,
  work: (transaction: TransactionSql) => Promise<T>,
): Promise<T> {
  let result: { readonly value: T } | undefined;
  await sql.begin(async (transaction) => {
    await transaction`
      select set_config('role', 'authenticated', true),
        set_config('request.jwt.claims', ${JSON.stringify(caller.claims)}, true)
    `;
    result = { value: await work(transaction) };
  });
  if (!result) throw new Error("the transaction ended without a result");
  return result.value;
}

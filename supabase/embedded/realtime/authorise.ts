import postgres, { type Sql, type TransactionSql } from "postgres";
import type { Table } from "./catalog.ts";
import type { Logger } from "./logger.ts";

/** Claims of a verified token; `role` is the database role that it acts as. */
export type Claims = Readonly<Record<string, unknown>> & { readonly role: string };

/** Rows of a table, by primary key, that a user may or may not see. */
export interface VisibilityQuestion {
  readonly table: Table;
  readonly claims: Claims;
  /** For each row the printed values of the key's columns. */
  readonly keys: readonly (readonly string[])[];
}

/** A policy that takes longer is treated as one that fails. */
const TIMEOUT = "2s";
const QUERY_CANCELED = "57014";

/**
 * Asks Postgres which rows the users may select: one query for each table and claims, all of a role in one
 * transaction. The answers are about the latest committed rows, as on Supabase: of a row that was deleted
 * or hidden meanwhile nothing is shown, and the change that did so follows. A policy that fails hides the
 * rows on which it fails, from that user only. Rejects when Postgres cannot be asked at all.
 * @returns for each question the indexes of the visible rows
 */
export async function askVisibility(
  sql: Sql,
  questions: readonly VisibilityQuestion[],
  logger: Logger,
): Promise<ReadonlySet<number>[]> {
  const roles = Map.groupBy(questions, (question) => question.claims.role);
  const answers = new Map<VisibilityQuestion, ReadonlySet<number>>();
  for (const [role, ofRole] of roles) {
    const found = await inTransaction(sql, role, ofRole).catch(async (cause: unknown) => {
      if (!isRefusal(cause)) throw cause;
      const oneByOne: ReadonlySet<number>[] = [];
      for (const question of ofRole) oneByOne.push(await askAround(sql, question, logger));
      return oneByOne;
    });
    for (const [index, question] of ofRole.entries()) {
      answers.set(question, found[index] ?? new Set());
    }
  }
  return questions.map((question) => answers.get(question) ?? new Set());
}

/** Asks about ever fewer rows together, until those remain on which the policy fails. */
async function askAround(
  sql: Sql,
  question: VisibilityQuestion,
  logger: Logger,
): Promise<ReadonlySet<number>> {
  const { table, claims, keys } = question;
  try {
    const [visible] = await inTransaction(sql, claims.role, [question]);
    return visible ?? new Set();
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    const tooSlow = cause instanceof postgres.PostgresError && cause.code === QUERY_CANCELED;
    if (keys.length === 1 || tooSlow) {
      logger.warn("A policy failed, what it is about is not shown", {
        table: `${table.schema}.${table.name}`,
        role: claims.role,
        rows: keys.length,
        reason: cause.message,
      });
      return new Set();
    }
  }
  const half = Math.ceil(keys.length / 2);
  const first = await askAround(sql, { ...question, keys: keys.slice(0, half) }, logger);
  const second = await askAround(sql, { ...question, keys: keys.slice(half) }, logger);
  return new Set([...first, ...[...second].map((index) => index + half)]);
}

/** Whether a statement itself failed, rather than the connection or the server. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof postgres.PostgresError && !/^(?:08|53|57P|58|XX)/.test(error.code);
}

async function inTransaction(
  sql: Sql,
  role: string,
  questions: readonly VisibilityQuestion[],
): Promise<ReadonlySet<number>[]> {
  let answers: ReadonlySet<number>[] = [];
  await sql.begin("read only", async (transaction) => {
    // All are sent at once and answered in order.
    const pending = questions.map((question) => ask(transaction, role, question));
    answers = await Promise.all(pending);
  });
  return answers;
}

async function ask(
  sql: TransactionSql,
  role: string,
  { table, claims, keys }: VisibilityQuestion,
): Promise<ReadonlySet<number>> {
  const settings = sql`
    select
      set_config('role', ${role}, true),
      set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
      set_config('statement_timeout', ${TIMEOUT}, true)
  `;
  const columns = table.key.map((_, column) => keys.map((key) => key[column] ?? null));
  const rows = sql.unsafe<{ place: number }[]>(visibilityStatement(table, role), columns, {
    prepare: true,
  });
  const [, found] = await Promise.all([settings, rows]);
  return new Set(found.map((row) => row.place - 1));
}

/** Names the role, since a plan that was made under one role is not kept for another. */
function visibilityStatement(table: Table, role: string): string {
  const types = table.key.map(
    (name) => table.columns.find((column) => column.name === name)?.type.sql ?? "text",
  );
  const lists = types.map((type, index) => `$${index + 1}::text[]::${type}[]`);
  const names = table.key.map((_, index) => `k${index + 1}`);
  const same = table.key.map((name, index) => `t.${quote(name)} = k.k${index + 1}`);
  return `
    select k.place::int4 -- as ${role.replaceAll(/[^\w]/g, "_")}
    from unnest(${lists.join(", ")}) with ordinality as k (${names.join(", ")}, place)
    where exists (
      select from ${quote(table.schema)}.${quote(table.name)} t where ${same.join(" and ")}
    )`;
}

/** An identifier for use in a statement. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

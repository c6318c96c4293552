import { randomBytes } from "node:crypto";
import postgres, { type Sql } from "postgres";
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

/** Around the block below; random, so that no name in it can end it. */
const QUOTES = `$q${randomBytes(8).toString("hex")}$`;

/** All the questions about a table together may take this long; a policy that needs more shows nothing. */
const TIMEOUT = "4s";

/**
 * Asks Postgres which rows the users may select, as those users. The answers are about the latest committed
 * rows, as on Supabase: of a row that was deleted or hidden meanwhile nothing is shown, and the change that
 * did so follows. A policy that fails hides the rows on which it fails, from that user only. Rejects when
 * Postgres cannot be asked at all.
 * @returns for each question the indexes of the visible rows
 */
export async function askVisibility(
  sql: Sql,
  questions: readonly VisibilityQuestion[],
  logger: Logger,
): Promise<ReadonlySet<number>[]> {
  const groups = Map.groupBy(questions, ({ table, claims }) => `${table.oid} ${claims.role}`);
  const answers = new Map<VisibilityQuestion, ReadonlySet<number>>();
  for (const group of groups.values()) {
    const found = await askTogether(sql, group, logger);
    for (const [index, question] of group.entries()) {
      answers.set(question, new Set(found[index]?.visible));
    }
  }
  return questions.map((question) => answers.get(question) ?? new Set());
}

interface Answer {
  /** Indexes of the rows that may be seen. */
  readonly visible: readonly number[];
  /** What the policy complained of, if it failed on any row. */
  readonly failure: string | null;
}

/** All questions are about one table and role. */
async function askTogether(
  sql: Sql,
  questions: readonly VisibilityQuestion[],
  logger: Logger,
): Promise<readonly Answer[]> {
  const [first] = questions;
  if (!first) return [];
  const { table, claims } = first;
  const complain = (reason: string) =>
    logger.warn("A policy failed, what it is about is not shown", {
      table: `${table.schema}.${table.name}`,
      role: claims.role,
      reason,
    });
  try {
    const answers = await sql.begin("read only", async (transaction) => {
      // All three are sent at once.
      const [, , [row]] = await Promise.all([
        transaction`
          select
            set_config('realtime.questions', ${packQuestions(questions)}, true),
            set_config('statement_timeout', ${TIMEOUT}, true),
            set_config('role', ${claims.role}, true)
        `,
        transaction.unsafe(visibilityBlock(table)),
        transaction<{ answers: Answer[] }[]>`
          select current_setting('realtime.answers')::jsonb as answers
        `,
      ]);
      return row?.answers ?? [];
    });
    const failed = answers.find((answer) => answer.failure !== null);
    if (failed) complain(String(failed.failure));
    return answers;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    complain(error.message);
    return [];
  }
}

/** Users often ask about the same rows, so these are listed once. */
function packQuestions(questions: readonly VisibilityQuestion[]): string {
  const lists = new Map<string, number>();
  const users = questions.map(({ claims, keys }) => {
    const list = JSON.stringify(keys);
    const place = lists.get(list) ?? lists.size;
    lists.set(list, place);
    return { claims: JSON.stringify(claims), list: place };
  });
  return `{"users":${JSON.stringify(users)},"lists":[${[...lists.keys()]}]}`;
}

/**
 * Looks the rows up as one user after the other. A block, as a query would evaluate `(select auth.uid())`
 * once for all of them, and a query for each user takes ten times as long (100 users, one row: 7 ms against
 * 70). Where a policy fails, the rows are tried one by one.
 */
function visibilityBlock(table: Table): string {
  const keys = table.key.map((name, index) => {
    const type = table.columns.find((column) => column.name === name)?.type.sql ?? "text";
    return { list: `keys_${index}`, column: `t.${quote(name)}`, type };
  });
  const select = `select from ${quote(table.schema)}.${quote(table.name)} t where`;
  const all = keys.map(({ column, list }) => `${column} = k.${list}`).join(" and ");
  const one = keys.map(({ column, list }) => `${column} = asking.${list}[trying.place]`);
  const lists = keys.map(({ list }) => list).join(", ");
  const variables = keys.map(({ list }) => `asking.${list}`).join(", ");
  return `
    do ${QUOTES}
    <<asking>>
    declare
      questions jsonb := current_setting('realtime.questions')::jsonb;
      answers jsonb[] := '{}';
      asked record;
      latest int;
      ${keys.map(({ list, type }) => `${list} ${type}[];`).join("\n")}
      visible int[];
      failure text;
    begin
      for asked in
        select u.value ->> 'claims' as claims, (u.value ->> 'list')::int as list
        from jsonb_array_elements(questions -> 'users') with ordinality as u (value, place)
        order by u.place
      loop
        if asked.list is distinct from latest then
          latest := asked.list;
          ${keys
            .map(
              ({ list, type }, index) => `${list} := array(
              select (l.value ->> ${index})::${type}
              from jsonb_array_elements(questions -> 'lists' -> latest) with ordinality as l (value, place)
              order by l.place
            );`,
            )
            .join("\n")}
        end if;
        perform set_config('request.jwt.claims', asked.claims, true);
        failure := null;
        begin
          visible := array(
            select k.place - 1 from unnest(${variables}) with ordinality as k (${lists}, place)
            where exists (${select} ${all})
          );
        exception when others then
          visible := '{}';
          <<trying>>
          for place in 1 .. cardinality(keys_0) loop
            begin
              if exists (${select} ${one.join(" and ")}) then
                visible := visible || trying.place - 1;
              end if;
            exception when others then
              failure := sqlerrm;
            end;
          end loop;
        end;
        answers := answers || jsonb_build_object('visible', visible, 'failure', failure);
      end loop;
      perform set_config('realtime.answers', to_jsonb(answers)::text, true);
    end
    ${QUOTES}`;
}

/** Whether a statement itself failed, rather than the connection or the server. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof postgres.PostgresError && !/^(?:08|53|57P|58|XX)/.test(error.code);
}

/** An identifier for use in a statement. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

import postgres, { type Sql } from "postgres";
import {
  type Completion,
  type Failure,
  type Json,
  type JsonObject,
  leaseMs,
  type ProgressReport,
  type Queue,
  QueueUnavailable,
  type WorkItem,
} from "./queue.ts";

/** A claimed row as SQL returns it; bigint comes as text. */
interface ClaimedRow {
  id: string;
  lease: string;
  kind: string;
  provider: string;
  owner_id: string;
  session_id: string;
  group_id: string;
  subject_id: string;
  attempts: number;
  max_attempts: number;
  payload: JsonObject;
}

const lease = `${leaseMs / 1000} seconds`;

/**
 * The queue of `otis.work_items` for one worker. All rules are SQL's (see the migrations `claim_work`,
 * `end_work`, `fail_work`, `hold_leases`); this only carries values over.
 */
export function createPostgresQueue(sql: Sql, worker: string, kinds: readonly string[]): Queue {
  const named = (items: readonly WorkItem[]) =>
    sql.json(items.map(({ id, lease }) => ({ id, lease })));
  return {
    claim: (limit) =>
      reach(async () => {
        const rows = await sql<ClaimedRow[]>`
          select id, lease, kind, provider, owner_id, session_id, group_id, subject_id, attempts, max_attempts, payload
          from otis.claim_work(${worker}, ${[...kinds]}, ${limit}, ${lease}::interval)`;
        return rows.map(toItem);
      }),

    complete: (completions) =>
      tell(
        sql`select from otis.complete_work(${worker}, ${toJsonText(completions.map(toResult))}::text::jsonb)`,
      ),

    fail: (failures) =>
      tell(sql`select from otis.fail_work(${worker}, ${sql.json(failures.map(toFailure))})`),

    release: (items) => tell(sql`select from otis.release_work(${worker}, ${named(items)})`),

    report: (reports) =>
      tell(sql`select from otis.report_progress(${worker}, ${sql.json(reports.map(toUpdate))})`),

    held: (items) =>
      reach(async () => {
        const rows = await sql<{ id: string }[]>`
          select w.id from jsonb_to_recordset(${named(items)}) as e (id uuid, lease bigint)
          join otis.work_items w on w.id = e.id and w.lease = e.lease
          where w.state = 'leased' and w.leased_by = ${worker}`;
        return new Set(rows.map(({ id }) => id));
      }),

    extend: (items) =>
      reach(async () => {
        const [row] = await sql<{ ids: string[] }[]>`
          select otis.extend_lease(${worker}, ${named(items)}, ${lease}::interval) as ids`;
        return new Set(row?.ids);
      }),

    due: () =>
      reach(async () => {
        const [row] = await sql<{ ms: number | null }[]>`
          select (extract(epoch from otis.work_due()) * 1000)::float8 as ms`;
        return row?.ms ?? null;
      }),

    wakeAnother: () => tell(sql`select from otis.wake_workers()`),
  };
}

function toItem(row: ClaimedRow): WorkItem {
  return {
    id: row.id,
    lease: row.lease,
    kind: row.kind,
    provider: row.provider,
    ownerId: row.owner_id,
    sessionId: row.session_id,
    groupId: row.group_id,
    subjectId: row.subject_id,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    payload: row.payload,
  };
}

function toResult({ item, outcome, log }: Completion) {
  const { effect, next } = outcome;
  const written = effect === undefined ? {} : { effect: withLog(effect, log) };
  const result = { id: item.id, lease: item.lease, ...written };
  if (next === undefined) return result;
  return {
    ...result,
    next: next.checkpoint,
    resume_after_seconds: (next.afterMs ?? 0) / 1000,
    ...(next.provider !== undefined && { provider: next.provider }),
  };
}

function toFailure({ item, code, message, retryAfterSeconds, permanent }: Failure) {
  return {
    id: item.id,
    lease: item.lease,
    code,
    message,
    retry_after_seconds: retryAfterSeconds,
    permanent,
  };
}

function toUpdate({ item, progress, log }: ProgressReport) {
  return { id: item.id, lease: item.lease, ...progress, log: log.map(toLine) };
}

const toLine = ({ level, message }: { level: string; message: string }) => ({ level, message });

/** The step's own lines come after those it wrote while it ran. */
function withLog(effect: JsonObject, log: Completion["log"]): JsonObject {
  if (log.length === 0) return effect;
  return { ...effect, log: [...log.map(toLine), ...(Array.isArray(effect.log) ? effect.log : [])] };
}

/** Results as text for jsonb, which holds neither NUL nor half a surrogate pair; the web does, and one must not cost a whole step. */
function toJsonText(results: readonly Json[]): string {
  const text = JSON.stringify(results);
  return /\\u0000|\\ud[89a-f]/i.test(text) ? JSON.stringify(storable([...results])) : text;
}

function storable(value: Json): Json {
  if (typeof value === "string") return value.replaceAll("\u0000", "").toWellFormed();
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => [key, storable(held)] as const);
  return Object.fromEntries(entries);
}

/** SQLSTATE classes that may pass: connection, operator intervention, resources, serialisation and deadlock. */
const passing = /^(08|57|53|40|55P03)/;

/** For calls whose answer does not matter, so that it is not asked for: what was refused was not ours any more. */
const tell = (query: Promise<unknown>): Promise<void> => reach(async () => void (await query));

async function reach<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const away =
      cause instanceof postgres.PostgresError
        ? passing.test(cause.code)
        : cause instanceof Error && "code" in cause;
    throw away ? new QueueUnavailable("The database cannot be reached.", { cause }) : cause;
  }
}

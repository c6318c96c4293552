import { randomUUID } from "node:crypto";
import type { Sql } from "postgres";
import type { TestDatabase } from "../support/database.ts";

export interface Claimed {
  readonly id: string;
  readonly lease: string;
  readonly kind: string;
  readonly provider: string;
  readonly session_id: string;
  readonly group_id: string;
  readonly subject_id: string;
  readonly attempts: number;
  readonly payload: {
    readonly checkpoint?: Record<string, unknown>;
    readonly [key: string]: unknown;
  };
}

export interface Result {
  readonly id: string;
  readonly lease: string;
  readonly effect?: object;
  readonly next?: object;
  readonly resume_after_seconds?: number;
  readonly provider?: string;
}

export interface Refusal {
  readonly id: string;
  readonly lease: string;
  readonly code: string;
  readonly message: string;
  readonly retry_after_seconds?: number;
  readonly permanent?: boolean;
}

/** The worker's side of the queue protocol, as a worker would speak it; killing one is forgetting it. */
export class QueueWorker {
  readonly name: string;
  readonly #sql: Sql;

  constructor(db: TestDatabase, name: string = randomUUID()) {
    this.#sql = db.sql;
    this.name = name;
  }

  claim(limit = 10, kinds: readonly string[] = ALL_KINDS): Promise<Claimed[]> {
    return this.#sql<
      Claimed[]
    >`select * from otis.claim_work(${this.name}, ${[...kinds]}, ${limit}, '60 seconds')`;
  }

  /** Exactly one item, or the test is wrong. */
  async claimOne(kinds?: readonly string[]): Promise<Claimed> {
    const [item] = await this.claim(1, kinds);
    if (!item) throw new Error("there is nothing to claim");
    return item;
  }

  complete(...results: readonly Result[]): Promise<string[]> {
    return this.#ids(
      this.#sql`select otis.complete_work(${this.name}, ${json(results)}::text::jsonb) as ids`,
    );
  }

  fail(...failures: readonly Refusal[]): Promise<string[]> {
    return this.#ids(
      this.#sql`select otis.fail_work(${this.name}, ${json(failures)}::text::jsonb) as ids`,
    );
  }

  extend(items: readonly Claimed[]): Promise<string[]> {
    return this.#ids(
      this
        .#sql`select otis.extend_lease(${this.name}, ${json(items.map(held))}::text::jsonb) as ids`,
    );
  }

  release(items: readonly Claimed[]): Promise<string[]> {
    return this.#ids(
      this
        .#sql`select otis.release_work(${this.name}, ${json(items.map(held))}::text::jsonb) as ids`,
    );
  }

  report(...updates: readonly object[]): Promise<string[]> {
    return this.#ids(
      this.#sql`select otis.report_progress(${this.name}, ${json(updates)}::text::jsonb) as ids`,
    );
  }

  async #ids(query: PromiseLike<readonly Record<string, unknown>[]>): Promise<string[]> {
    const [row] = await query;
    return Array.isArray(row?.ids) ? row.ids : [];
  }
}

export const held = ({ id, lease }: { id: string; lease: string }) => ({ id, lease });

const ALL_KINDS = [
  "scrape",
  "enrich",
  "import",
  "personalise",
  "push",
  "activate",
  "analytics",
  "noop",
];

/** As text, which Postgres reads as jsonb: the driver would otherwise guess. */
const json = (value: unknown) => JSON.stringify(value);

export async function createSession(db: TestDatabase, owner: string): Promise<string> {
  const [row] = await db.sql<{ id: string }[]>`
    insert into public.otis_workflow_sessions (owner_id, name) values (${owner}, 'A session') returning id`;
  return row?.id ?? "";
}

interface ItemOptions {
  readonly count?: number;
  readonly provider?: string;
  readonly priority?: number;
}

/** Items that do nothing, waiting in a session. */
export async function addItems(db: TestDatabase, session: string, options: ItemOptions = {}) {
  const { count = 1, provider = "noop", priority = 0 } = options;
  const rows = await db.sql<{ id: string }[]>`
    insert into otis.work_items (kind, owner_id, session_id, group_id, subject_id, provider, priority)
    select 'noop', s.owner_id, s.id, gen_random_uuid(), gen_random_uuid(), ${provider}, ${priority}
    from public.otis_workflow_sessions s, generate_series(1, ${count}) where s.id = ${session}
    returning id`;
  return rows.map((row) => row.id);
}

/** What a fake clock is elsewhere: the leases of these items ran out a second ago. */
export async function expireLeases(db: TestDatabase, ids?: readonly string[]): Promise<void> {
  await db.sql`
    update otis.work_items set leased_until = now() - interval '1 second'
    where state = 'leased' and (${ids === undefined} or id = any (${[...(ids ?? [])]}::uuid[]))`;
}

/** Everything that waits for a later moment is due now. */
export async function makeDue(db: TestDatabase): Promise<void> {
  await db.sql`update otis.work_items set run_after = now() where state = 'ready' and run_after > now()`;
}

export async function itemOf(db: TestDatabase, id: string) {
  const [row] = await db.sql`select * from otis.work_items where id = ${id}`;
  if (!row) throw new Error("no such item");
  return row;
}

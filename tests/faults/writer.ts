import { randomUUID } from "node:crypto";
import postgres, { type Sql } from "postgres";

const TABLES = [
  "otis_workflow_sessions",
  "otis_progress_events",
  "scraping_runs",
  "session_companies",
  "job_postings",
  "enrichment_batches",
  "enrichment_status",
  "campaigns",
  "campaign_leads",
];

/** A session of somebody's, and all that happens in it. */
export class Writer implements AsyncDisposable {
  readonly sql: Sql;
  readonly sessionId: string;
  readonly #ownerId: string;
  #running = false;
  #loop: Promise<void> = Promise.resolve();
  /** Statements that were committed. */
  committed = 0;

  private constructor(sql: Sql, sessionId: string, ownerId: string) {
    this.sql = sql;
    this.sessionId = sessionId;
    this.#ownerId = ownerId;
  }

  /** A new session with 30 companies and a run. */
  static async create(databaseUrl: string, ownerId: string): Promise<Writer> {
    const sql = postgres(databaseUrl, { max: 2, onnotice() {}, connect_timeout: 2 });
    const id = randomUUID();
    await sql`insert into public.otis_workflow_sessions (id, owner_id, name) values (${id}, ${ownerId}, 'faults')`;
    await sql`
      with known as (
        insert into public.companies (owner_id, name, normalised_name)
        select ${ownerId}, 'Company ' || n, ${id} || n from generate_series(1, 30) n
        returning id, name)
      insert into public.session_companies (session_id, company_id, name) select ${id}, id, name from known
    `;
    await sql`
      insert into public.scraping_runs (session_id, source_kind, source_key, source_label)
      values (${id}, 'feed', 'https://example.test/jobs', 'Example')
    `;
    return new Writer(sql, id, ownerId);
  }

  /** Writes a statement of one kind or another every `pauseMs`, whatever fails. */
  start(pauseMs = 50): void {
    this.#running = true;
    this.#loop = (async () => {
      for (let n = 0; this.#running; n++) {
        await this.#write(n).then(
          () => {
            this.committed += 1;
          },
          () => {},
        );
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    })();
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#loop;
  }

  /** table/id/revision of every live row of the session. */
  async contents(): Promise<string[]> {
    const rows: string[] = [];
    for (const table of TABLES) {
      const column = table === "otis_workflow_sessions" ? "id" : "session_id";
      const found = await this.sql<{ id: string; revision: string }[]>`
        select id, revision from ${this.sql(`public.${table}`)} where ${this.sql(column)} = ${this.sessionId}
      `;
      for (const { id, revision } of found) rows.push(`${table}/${id}/${revision}`);
    }
    return rows;
  }

  /** The session's newest revision, asked for again while the database is away. */
  async revision(): Promise<number> {
    for (let tries = 1; ; tries++) {
      try {
        const [row] = await this.sql<{ revision: string }[]>`
          select revision from public.otis_workflow_sessions where id = ${this.sessionId}
        `;
        return Number(row?.revision);
      } catch (error) {
        if (tries === 300) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.sql.end({ timeout: 1 });
  }

  #write(n: number): Promise<unknown> {
    const { sql, sessionId } = this;
    switch (n % 4) {
      case 0:
        return sql`
          insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title)
          select c.session_id, c.company_id, r.id, gen_random_uuid()::text, 'Baker'
          from public.session_companies c join public.scraping_runs r using (session_id)
          where c.session_id = ${sessionId} order by random() limit 5
        `;
      case 1:
        return sql`
          update public.session_companies set selected = not selected
          where id in (select id from public.session_companies where session_id = ${sessionId} order by random() limit 7)
        `;
      case 2:
        return sql`
          insert into public.otis_progress_events (session_id, owner_id, event_type, message)
          select ${sessionId}, ${this.#ownerId}, 'test', 'event ' || n from generate_series(1, 3) n
        `;
      default:
        return sql`
          update public.job_postings set status = 'closed', closed_at = now()
          where id = (select id from public.job_postings where session_id = ${sessionId} and status = 'open' limit 1)
        `;
    }
  }
}

import type { TestDatabase } from "../support/database.ts";

/** The tables whose rows belong to the scope of a session. */
export const LIVE_TABLES = [
  "otis_progress_events",
  "scraping_runs",
  "session_companies",
  "job_postings",
  "enrichment_batches",
  "enrichment_status",
  "campaigns",
  "campaign_leads",
] as const;

export type LiveRow = Record<string, unknown> & { id: string; revision: number };

export interface Page {
  readonly revision: number;
  readonly upto: number;
  readonly more: boolean;
  readonly rows: readonly { table: string; revision: number; row: LiveRow }[];
  readonly ahead: readonly { table: string; revision: number; row: LiveRow }[] | null;
  readonly flags: Record<string, boolean>;
}

/** A session of `owner` with a run and some companies, as the worker would leave them. */
export async function createSession(db: TestDatabase, owner: string, companies = 3) {
  const [session] = await db.sql<{ id: string }[]>`
    insert into public.otis_workflow_sessions (owner_id, name) values (${owner}, 'A session') returning id`;
  const id = session?.id ?? "";
  const [run] = await db.sql<{ id: string }[]>`
    insert into public.scraping_runs (session_id, source_kind, source_key, source_label)
    values (${id}, 'csv', 'csv:a', 'a.csv') returning id`;
  const rows = await db.sql<{ company_id: string }[]>`
    with c as (
      insert into public.companies (owner_id, name, normalised_name, domain)
      select ${owner}, 'Company ' || i, 'company ' || i, ${id} || i || '.example' from generate_series(1, ${companies}) i
      returning id, name, domain)
    insert into public.session_companies (session_id, company_id, name, domain)
    select ${id}, id, name, domain from c returning company_id`;
  return { id, runId: run?.id ?? "", companyIds: rows.map((row) => row.company_id) };
}

/** Every live row of the session as the tables hold it, by table and id. */
export async function readTables(db: TestDatabase, session: string): Promise<Map<string, LiveRow>> {
  const rows = new Map<string, LiveRow>();
  for (const table of ["otis_workflow_sessions", ...LIVE_TABLES]) {
    const found = await db.sql<{ body: LiveRow }[]>`
      select to_jsonb(t) as body from public.${db.sql(table)} t
      where ${db.sql(table === "otis_workflow_sessions" ? "id" : "session_id")} = ${session}`;
    for (const { body } of found) rows.set(`${table}:${body.id}`, body);
  }
  return rows;
}

/** A client that only ever applies pages of the delta read. */
export class PageClient {
  readonly rows = new Map<string, LiveRow>();
  cursor = 0;
  private readonly db: TestDatabase;
  private readonly owner: string;
  private readonly session: string;

  constructor(db: TestDatabase, owner: string, session: string) {
    this.db = db;
    this.owner = owner;
    this.session = session;
  }

  /** Reads until there is no more; returns the pages. */
  async catchUp(limit = 1000): Promise<Page[]> {
    const pages: Page[] = [];
    for (let more = true; more; ) {
      const page = await this.db.as(this.owner, async (sql) => {
        const [row] = await sql<{ page: Page }[]>`
          select public.session_changes(${this.session}, ${this.cursor}, ${limit}) as page`;
        return row?.page;
      });
      if (!page) throw new Error("no page");
      for (const { table, row } of page.rows) this.rows.set(`${table}:${row.id}`, row);
      this.cursor = page.upto;
      pages.push(page);
      more = page.more;
    }
    return pages;
  }
}

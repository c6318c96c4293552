import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { createSession, LIVE_TABLES, PageClient, readTables } from "./live-tables.ts";

const db = await testDatabase();
const owner = await db.createUser();

const write = fc.record({
  kind: fc.constantFrom("event", "posting", "close", "select", "run", "rename", "skip"),
  size: fc.integer({ min: 1, max: 12 }),
  end: fc.constantFrom("commit", "commit", "commit", "rollback", "savepoint"),
});
type Write = typeof write extends fc.Arbitrary<infer W> ? W : never;

let serial = 0;

/** A row in every live table that a new session has none in. */
async function fill({ id, runId, companyIds }: Awaited<ReturnType<typeof createSession>>) {
  const company = companyIds[0] ?? "";
  await db.sql`insert into public.otis_progress_events (session_id, event_type, message) values (${id}, 'test', 'x')`;
  await db.sql`insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title)
    values (${id}, ${company}, ${runId}, 'k', 'T')`;
  await db.sql`with batch as (
      insert into public.enrichment_batches (session_id) values (${id}) returning id)
    insert into public.enrichment_status (session_id, batch_id, company_id) select ${id}, id, ${company} from batch`;
  await db.sql`with campaign as (
      insert into public.campaigns (session_id, name) values (${id}, 'C') returning id)
    insert into public.campaign_leads (session_id, campaign_id, email) select ${id}, id, 'a@acme.example' from campaign`;
}

/** One transaction of a writer, which locks its scope first, as all of OTIS's do (R6). */
async function perform(
  session: Awaited<ReturnType<typeof createSession>>,
  { kind, size, end }: Write,
) {
  const n = ++serial;
  const company = session.companyIds[n % session.companyIds.length] ?? "";
  const rolledBack = new Error("rolled back on purpose");
  await db.sql
    .begin(async (sql) => {
      await sql`select otis.lock_sessions(array[${session.id}]::uuid[])`;
      const act = async (tx: typeof sql) => {
        if (kind === "event") {
          await tx`insert into public.otis_progress_events (session_id, event_type, message)
            select ${session.id}, 'test', 'event ' || i from generate_series(1, ${size}) i`;
        } else if (kind === "posting") {
          await tx`insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title)
            select ${session.id}, ${company}, ${session.runId}, ${`k${n}-`} || i, 'Title' from generate_series(1, ${size}) i`;
        } else if (kind === "skip") {
          // A conflict leaves a hole in the revisions (R5).
          await tx`insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title)
            values (${session.id}, ${company}, ${session.runId}, 'always the same', 'Title') on conflict do nothing`;
        } else if (kind === "close") {
          await tx`update public.job_postings set status = 'closed', closed_at = now() where id in
            (select id from public.job_postings where session_id = ${session.id} and status = 'open' order by id limit ${size})`;
        } else if (kind === "select") {
          await tx`update public.session_companies set selected = not selected where session_id = ${session.id} and company_id = ${company}`;
        } else if (kind === "run") {
          await tx`update public.scraping_runs set items_done = items_done + 1, step = ${`page ${n}`} where id = ${session.runId}`;
        } else {
          await tx`update public.otis_workflow_sessions set name = ${`Session ${n}`} where id = ${session.id}`;
        }
      };
      if (end === "savepoint") {
        await sql
          .savepoint(async (inner) => {
            await act(inner);
            throw rolledBack;
          })
          .catch((error: unknown) => {
            if (error !== rolledBack) throw error;
          });
        await sql`update public.scraping_runs set items_done = items_done + 1 where id = ${session.runId}`;
      } else {
        await act(sql);
        if (end === "rollback") throw rolledBack;
      }
    })
    .catch((error: unknown) => {
      if (error !== rolledBack) throw error;
    });
}

describe("the revision protocol", () => {
  it("leaves a client that only applies pages equal to the tables, under 8 writers with rollbacks and savepoints (R1, R3, R5)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(write, { minLength: 1, maxLength: 6 }), { minLength: 8, maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        async (writers, limit) => {
          const session = await createSession(db, owner);
          const client = new PageClient(db, owner, session.id);
          let writing = true;
          const reader = (async () => {
            let last = 0;
            while (writing) {
              for (const page of await client.catchUp(limit)) {
                const revisions = page.rows.map((row) => row.revision);
                expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
                expect(new Set(revisions).size).toBe(revisions.length);
                for (const revision of revisions) expect(revision).toBeGreaterThan(last);
                last = page.upto;
              }
            }
          })();
          await Promise.all(
            writers.map(async (writes) => {
              for (const one of writes) await perform(session, one);
            }),
          );
          writing = false;
          await reader;
          await client.catchUp(limit);
          expect(Object.fromEntries(client.rows)).toEqual(
            Object.fromEntries(await readTables(db, session.id)),
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  it("keeps every counter equal to a recount", async () => {
    const session = await createSession(db, owner, 5);
    const writes = fc.sample(write, { numRuns: 60, seed: 7 });
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (const [index, one] of writes.entries())
          if (index % 8 === writer) await perform(session, one);
      }),
    );
    const [drift] = await db.sql`
      select s.jobs_count - (select count(*) from public.job_postings p where p.session_id = s.id and p.status = 'open')::int as jobs,
        s.companies_count - (select count(*) from public.session_companies c where c.session_id = s.id and c.status = 'active')::int as companies,
        s.selected_count - (select count(*) from public.session_companies c where c.session_id = s.id and c.selected)::int as selected,
        s.runs_total - (select count(*) from public.scraping_runs r where r.session_id = s.id)::int as runs,
        (select sum(abs(c.jobs_count - (select count(*) from public.job_postings p
          where p.session_id = s.id and p.company_id = c.company_id and p.status = 'open'))) from public.session_companies c where c.session_id = s.id)::int as per_company,
        (select sum(abs(r.items_found - (select count(*) from public.job_postings p where p.run_id = r.id))) from public.scraping_runs r where r.session_id = s.id)::int as per_run
      from public.otis_workflow_sessions s where s.id = ${session.id}`;
    expect(drift).toEqual({
      jobs: 0,
      companies: 0,
      selected: 0,
      runs: 0,
      per_company: 0,
      per_run: 0,
    });
  });

  it("closes each statement with one pulse that takes the last revision", async () => {
    const session = await createSession(db, owner);
    const [before] =
      await db.sql`select revision from public.otis_workflow_sessions where id = ${session.id}`;
    await db.sql`insert into public.otis_progress_events (session_id, event_type, message)
      select ${session.id}, 'test', 'event ' || i from generate_series(1, 10) i`;
    const [after] =
      await db.sql`select revision from public.otis_workflow_sessions where id = ${session.id}`;
    expect(Number(after?.revision)).toBe(Number(before?.revision) + 11);
  });

  it("has what clients edit directly wait for the owner's lock, too (R6)", async () => {
    const session = await createSession(db, owner);
    const waiting = async () => {
      const [row] = await db.sql`
        select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event = 'advisory' and query like '%otis_workflow_sessions%'`;
      return row?.n;
    };
    const edit = () =>
      db.as(owner, (sql) => sql`update public.otis_workflow_sessions set auto_advance = false`);
    const editing = await db.sql.begin(async (sql) => {
      await sql`select otis.lock_owners(array[${owner}]::uuid[])`;
      const editing = edit();
      await expect.poll(waiting, { timeout: 15_000 }).toBe(1);
      return { editing };
    });
    await editing.editing;
    const [row] =
      await db.sql`select auto_advance from public.otis_workflow_sessions where id = ${session.id}`;
    expect(row?.auto_advance).toBe(false);
  });

  it("numbers rows of several sessions in one statement without mixing their scopes", async () => {
    const one = await createSession(db, owner);
    const two = await createSession(db, owner);
    await db.sql.begin(async (sql) => {
      await sql`select otis.lock_sessions(${[two.id, one.id]})`;
      await sql`insert into public.otis_progress_events (session_id, event_type, message)
        select case when i % 2 = 0 then ${one.id}::uuid else ${two.id}::uuid end, 'test', 'event ' || i from generate_series(1, 20) i`;
    });
    for (const session of [one, two]) {
      const client = new PageClient(db, owner, session.id);
      await client.catchUp();
      expect(Object.fromEntries(client.rows)).toEqual(
        Object.fromEntries(await readTables(db, session.id)),
      );
    }
  });

  it("never deadlocks writers of several sessions that lock them first (R6)", async () => {
    const sessions = [];
    for (let i = 0; i < 4; i++) sessions.push(await createSession(db, owner));
    const ids = sessions.map((session) => session.id);
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (let round = 0; round < 10; round++) {
          const order = writer % 2 ? ids : [...ids].reverse();
          await db.sql.begin(async (sql) => {
            await sql`select otis.lock_sessions(${order})`;
            for (const id of order) {
              await sql`update public.session_companies set selected = not selected where session_id = ${id}`;
            }
          });
        }
      }),
    );
    const [total] =
      await db.sql`select sum(selected_count)::int as n from public.otis_workflow_sessions where id = any (${ids})`;
    expect(total?.n).toBe(0);
  });

  it.each(LIVE_TABLES)("refuses to delete from %s while the session lives (R4)", async (table) => {
    const session = await createSession(db, owner);
    await fill(session);
    const refused = db.sql`delete from public.${db.sql(table)} where session_id = ${session.id}`;
    await expect(refused).rejects.toMatchObject({ code: "PT409", message: "live_row_kept" });
  });

  it("deletes a session with everything in it", async () => {
    const session = await createSession(db, owner);
    await db.sql`delete from public.otis_workflow_sessions where id = ${session.id}`;
    expect((await readTables(db, session.id)).size).toBe(0);
  });

  it("gives an inbox the same protocol", async () => {
    const reader = await db.createUser();
    await db.sql`insert into public.notifications (owner_id, kind, title) select ${reader}, 'test', 'n' || i from generate_series(1, 5) i`;
    await db.sql`update public.notifications set read_at = now() where owner_id = ${reader} and title = 'n3'`;
    const page = await db.as(
      reader,
      async (sql) => (await sql`select public.inbox_changes(0, 3) as page`)[0]?.page,
    );
    expect(page).toMatchObject({ more: true, upto: page.rows.at(-1).revision });
    const rest = await db.as(
      reader,
      async (sql) => (await sql`select public.inbox_changes(${page.upto}, 10) as page`)[0]?.page,
    );
    expect(rest.rows.at(-1)).toMatchObject({ table: "otis_inboxes", row: { unread_count: 4 } });
    expect(rest).toMatchObject({ more: false, upto: rest.revision });
  });

  it("sends what the views show first along with the first of several pages from 0, and only there", async () => {
    const session = await createSession(db, owner, 120);
    const [hiring = "", removed = ""] = session.companyIds;
    await db.sql`insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title)
      select ${session.id}, ${hiring}, ${session.runId}, 'k' || i, 'Title' from generate_series(1, 60) i`;
    await db.sql`update public.session_companies set status = 'removed' where session_id = ${session.id} and company_id = ${removed}`;
    const pages = await new PageClient(db, owner, session.id).catchUp(100);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.slice(1).map(({ ahead }) => ahead)).toEqual(pages.slice(1).map(() => null));
    const ahead = pages[0]?.ahead ?? [];
    const tables = await readTables(db, session.id);
    for (const { table, revision, row } of ahead) {
      expect(row).toEqual(tables.get(`${table}:${row.id}`));
      expect(row.revision).toBe(revision);
    }
    const of = (name: string) => ahead.flatMap(({ table, row }) => (table === name ? [row] : []));
    expect(of("otis_workflow_sessions")).toMatchObject([{ jobs_count: 60, companies_count: 119 }]);
    expect(of("job_postings")).toHaveLength(50);
    const companies = of("session_companies");
    expect(companies).toHaveLength(100);
    expect(companies.map(({ company_id }) => company_id)).toContain(hiring);
    expect(companies.map(({ company_id }) => company_id)).not.toContain(removed);

    const whole = await new PageClient(db, owner, session.id).catchUp(5000);
    expect(whole.map(({ ahead }) => ahead)).toEqual([null]);
  });

  it("answers wrong owner, unknown id, stale revision and absurd limit by name", async () => {
    const session = await createSession(db, owner);
    const other = await db.createUser();
    const ask = (who: string, id: string, since: number, limit: number) =>
      db.as(who, (sql) => sql`select public.session_changes(${id}, ${since}, ${limit})`);
    await expect(ask(other, session.id, 0, 10)).rejects.toMatchObject({
      code: "PT404",
      message: "session_not_found",
    });
    await expect(ask(owner, crypto.randomUUID(), 0, 10)).rejects.toMatchObject({
      code: "PT404",
      message: "session_not_found",
    });
    await expect(ask(owner, session.id, 1e9, 10)).rejects.toMatchObject({
      code: "PT409",
      message: "stale_revision",
    });
    await expect(ask(owner, session.id, -1, 10)).rejects.toMatchObject({
      code: "PT409",
      message: "stale_revision",
    });
    for (const limit of [0, -5, 1e6]) {
      await expect(ask(owner, session.id, 0, limit)).rejects.toMatchObject({
        code: "PT400",
        message: "invalid_limit",
      });
    }
    await expect(ask("anon", session.id, 0, 10)).rejects.toMatchObject({ code: "42501" });
  });

  it("gives a snapshot whose hash differs exactly when something changed", async () => {
    const session = await createSession(db, owner);
    const snapshot = () =>
      db.as(
        owner,
        async (sql) => (await sql`select public.session_snapshot(${session.id}) as s`)[0]?.s,
      );
    const first = await snapshot();
    expect(first).toMatchObject({ companiesCount: 3, jobsCount: 0, enrichmentStatus: "idle" });
    expect((await snapshot()).hash).toBe(first.hash);
    await db.sql`update public.session_companies set city = 'Utrecht' where session_id = ${session.id}`;
    expect((await snapshot()).hash).not.toBe(first.hash);
  });

  it("tells listeners table, action, scope and revision, and nothing else", async () => {
    const session = await createSession(db, owner);
    const heard: unknown[] = [];
    const listening = await db.sql.listen("otis_progress", (payload) =>
      heard.push(JSON.parse(payload)),
    );
    await db.sql`insert into public.otis_progress_events (session_id, event_type, message) values (${session.id}, 'test', ${"x".repeat(500)})`;
    await expect
      .poll(() => heard)
      .toEqual([
        {
          table: "otis_progress_events",
          action: "INSERT",
          scope: session.id,
          revision: expect.any(Number),
        },
      ]);
    await listening.unlisten();
  });
});

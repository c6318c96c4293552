import type { ISql } from "postgres";
import { describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { createSession } from "./live-tables.ts";
import { addItems } from "./queue-worker.ts";

const db = await testDatabase();

const elsewhere = "00000000-0000-4000-8000-000000000000";

interface Draft {
  readonly company: string;
  readonly run: string;
  readonly status?: "open" | "closed";
}

/** Inserts one posting a draft, all of them in one statement. */
async function insert(session: string, drafts: readonly Draft[], sql: ISql = db.sql) {
  return sql`
    insert into public.job_postings (session_id, owner_id, company_id, run_id, dedupe_key, title, status, closed_at)
    select ${session}, ${elsewhere}, d.company, d.run, gen_random_uuid(), 'Baker', coalesce(d.status, 'open'),
      case d.status when 'closed' then now() end
    from jsonb_to_recordset(${JSON.stringify(drafts)}::text::jsonb) as d (company uuid, run uuid, status text)
    returning id, company_id`;
}

async function postingsOf(session: string) {
  return db.sql`select id, company_id from public.job_postings where session_id = ${session}`;
}

describe("a posting whose company or run its session does not have", () => {
  it.each([
    ["an open one without a company", { company: elsewhere }],
    ["a closed one without a company", { company: elsewhere, status: "closed" as const }],
    ["one without a run", { run: elsewhere }],
  ])("is refused, and its statement with it: %s", async (_, wrong) => {
    const session = await createSession(db, await db.createUser());
    const right = { company: session.companyIds[0] ?? "", run: session.runId };
    await expect(insert(session.id, [right, { ...right, ...wrong }])).rejects.toMatchObject({
      code: "23503",
      table_name: "job_postings",
    });
    expect(await postingsOf(session.id)).toEqual([]);
  });

  it("is refused where either is another session's", async () => {
    const owner = await db.createUser();
    const [here, there] = [await createSession(db, owner), await createSession(db, owner)];
    const right = { company: here.companyIds[0] ?? "", run: here.runId };
    for (const wrong of [{ company: there.companyIds[0] ?? "" }, { run: there.runId }])
      await expect(insert(here.id, [{ ...right, ...wrong }])).rejects.toMatchObject({
        code: "23503",
      });
  });

  it("cannot come about by an update either", async () => {
    const session = await createSession(db, await db.createUser());
    await insert(session.id, [{ company: session.companyIds[0] ?? "", run: session.runId }]);
    await expect(
      db.sql`update public.job_postings set company_id = ${elsewhere} where session_id = ${session.id}`,
    ).rejects.toMatchObject({ code: "23503" });
  });
});

describe("postings go", () => {
  it("with their company, and no other's", async () => {
    const session = await createSession(db, await db.createUser());
    const [gone = "", kept = ""] = session.companyIds;
    const postings = await insert(
      session.id,
      [gone, kept].map((company) => ({ company, run: session.runId })),
    );
    const ids = postings.map((posting) => posting.id);
    await db.sql`insert into public.job_posting_texts (posting_id, owner_id) select id, owner_id from public.job_postings where id = any (${ids})`;
    await db.sql`delete from public.companies where id = ${gone}`;
    const left = postings.filter((posting) => posting.company_id === kept);
    expect(await postingsOf(session.id)).toEqual(left);
    const texts =
      await db.sql`select posting_id as id from public.job_posting_texts where posting_id = any (${ids})`;
    expect(texts).toEqual(left.map(({ id }) => ({ id })));
  });

  it.each(["open", "closed"] as const)(
    "with their company, even an %s one written meanwhile",
    async (status) => {
      const session = await createSession(db, await db.createUser());
      const [company = ""] = session.companyIds;
      const draft = { company, run: session.runId, status };
      let refused: Promise<unknown> = Promise.resolve();
      await db.sql.begin(async (sql) => {
        await sql`delete from public.companies where id = ${company}`;
        refused = expect(insert(session.id, [draft])).rejects.toMatchObject({ code: "23503" });
      });
      await refused;
      expect(await postingsOf(session.id)).toEqual([]);

      const [second = ""] = session.companyIds.slice(1);
      let gone: Promise<unknown> = Promise.resolve();
      await db.sql.begin(async (sql) => {
        await insert(session.id, [{ ...draft, company: second }], sql);
        gone = db.sql`delete from public.companies where id = ${second}`.execute();
      });
      await gone;
      expect(await postingsOf(session.id)).toEqual([]);
    },
  );

  it("with their owner, and her work too", async () => {
    const owner = await db.createUser();
    const session = await createSession(db, owner);
    await insert(session.id, [{ company: session.companyIds[0] ?? "", run: session.runId }]);
    await addItems(db, session.id);
    await db.sql`
      with campaign as (
        insert into public.campaigns (session_id, name) values (${session.id}, 'C') returning id
      ), contact as (
        insert into public.contacts (owner_id, company_id, kind, email, email_status, value_key, provider, confidence)
        values (${owner}, ${session.companyIds[0] ?? ""}, 'email', 'a@acme.example', 'found', 'email:a', 'website', 1) returning id
      )
      insert into public.campaign_leads (session_id, campaign_id, contact_id, email)
      select ${session.id}, campaign.id, contact.id, 'a@acme.example' from campaign, contact`;
    await db.deleteUser(owner);
    expect(await postingsOf(session.id)).toEqual([]);
    expect(await db.sql`select id from otis.work_items where session_id = ${session.id}`).toEqual(
      [],
    );
  });

  it("with their owner, even those written while she leaves", async () => {
    const owner = await db.createUser();
    const session = await createSession(db, owner);
    const draft = { company: session.companyIds[0] ?? "", run: session.runId };
    await insert(session.id, [draft]);
    const [late] = await Promise.allSettled([insert(session.id, [draft]), db.deleteUser(owner)]);
    if (late.status === "rejected") expect(late.reason).toMatchObject({ code: "PT404" });
    expect(await postingsOf(session.id)).toEqual([]);
  });
});

import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { act, seedCompanies } from "./effects-companies.ts";
import { type Claimed, createSession, expireLeases, held, QueueWorker } from "./queue-worker.ts";

const db = await testDatabase();
await db.sql`delete from otis.provider_limits`;
let owner = "";
let session = "";
let campaign = "";

interface Lead {
  readonly id: string;
  readonly email: string | null;
  readonly status: string;
  readonly error_code: string | null;
  readonly personal_line: string | null;
  readonly provider_lead_id: string | null;
}

const leads = (id = campaign) =>
  db.sql<
    Lead[]
  >`select * from public.campaign_leads where campaign_id = ${id} order by position, id`;
const statuses = async () => (await leads()).map((lead) => lead.status);
const campaignOf = async (id = campaign) => {
  const [row] = await db.sql`select * from public.campaigns where id = ${id}`;
  return row;
};

async function claimOf(
  kind: string,
  worker = new QueueWorker(db),
): Promise<Claimed & { worker: QueueWorker }> {
  const item = (await worker.claim(100, [kind])).find(({ subject_id }) => subject_id === campaign);
  if (!item) throw new Error(`no ${kind} is waiting`);
  return { ...item, worker };
}

/** Imports these addresses as leads of the campaign. */
async function importLeads(emails: readonly (string | null)[]): Promise<void> {
  const upload = await db.sql<{ id: string }[]>`
    insert into public.uploads (owner_id, name, complete) values (${owner}, 'leads.csv', true) returning id`;
  await act(db, owner, "import_leads", { campaign_id: campaign, upload_id: upload[0]?.id ?? "" });
  const item = await claimOf("import");
  await item.worker.complete({
    ...held(item),
    effect: {
      leads: emails.map((email, row) => ({
        row,
        email,
        full_name: "Ann Lee",
        variables: { city: "Ulm" },
      })),
    },
  });
}

async function personalise(): Promise<void> {
  await act(db, owner, "prepare_campaign", { campaign_id: campaign });
  const item = await claimOf("personalise");
  const next = await db.sql<
    { id: string }[]
  >`select id from otis.leads_to_personalise(${campaign}, 1000)`;
  await item.worker.complete({
    ...held(item),
    effect: { leads: next.map(({ id }) => ({ id, personal_line: "Hello" })) },
  });
}

const pushable = (item: Claimed, limit = 1000) =>
  db.sql<{ id: string; email: string }[]>`
    select * from otis.pushable_leads(${item.id}, ${item.lease}, ${limit})`;
const suppress = (emails: readonly string[], domains: readonly string[] = []) =>
  act<{ suppressed: number }>(db, owner, "suppress", {
    emails: [...emails],
    domains: [...domains],
  });

beforeEach(async () => {
  owner = await db.createUser();
  session = await createSession(db, owner);
  const made = await act<{ campaign_id: string }>(db, owner, "create_campaign", {
    session_id: session,
    name: "Spring",
    channel: "instantly",
    texts: { subject: "Hi", body: "{{personal_line}}" },
  });
  campaign = made.campaign_id;
});

describe("work on a campaign", () => {
  it("is done one after the other, also where there would be nothing left to write", async () => {
    await importLeads(["a@acme.example"]);
    await db.sql`update public.campaign_leads set personal_line = 'Mine' where campaign_id = ${campaign}`;
    const upload = await db.sql<{ id: string }[]>`
      insert into public.uploads (owner_id, name, complete) values (${owner}, 'more.csv', true) returning id`;
    await act(db, owner, "import_leads", {
      campaign_id: campaign,
      upload_id: upload[0]?.id ?? "",
    });
    await expect(
      act(db, owner, "prepare_campaign", { campaign_id: campaign }),
    ).rejects.toMatchObject({ code: "PT409", message: "already_running" });
    const item = await claimOf("import");
    await item.worker.fail({ ...held(item), code: "refused", message: "No.", permanent: true });
    expect(await campaignOf()).toMatchObject({ status: "failed", error_message: "No." });
  });
});

describe("imported leads", () => {
  it("come once by address; rows without one are kept with their reason", async () => {
    await importLeads([
      "Ann@acme.example",
      "ann@ACME.example ",
      "no address",
      null,
      "bob@acme.example",
    ]);
    expect((await leads()).map((lead) => [lead.email, lead.status, lead.error_code])).toEqual([
      ["ann@acme.example", "pending", null],
      [null, "skipped", "invalid_email"],
      [null, "skipped", "invalid_email"],
      ["bob@acme.example", "pending", null],
    ]);
    expect(await campaignOf()).toMatchObject({ status: "draft", leads_total: 4 });
    await importLeads(["bob@acme.example", "cyd@acme.example"]);
    expect(await leads()).toHaveLength(5);
  });

  it("keep a line that the user wrote, and the others get theirs", async () => {
    await importLeads(["ann@acme.example", "bob@acme.example"]);
    const [ann] = await leads();
    await act(db, owner, "set_lead", { lead_id: ann?.id ?? "", personal_line: "My own words" });
    await personalise();
    expect((await leads()).map((lead) => [lead.personal_line, lead.status])).toEqual([
      ["My own words", "ready"],
      ["Hello", "ready"],
    ]);
    expect(await campaignOf()).toMatchObject({ status: "ready", leads_ready: 2 });
  });

  it("take part or not, many at once; who was written to stays as she is", async () => {
    await importLeads(["ann@acme.example", "bob@acme.example", null]);
    await personalise();
    await db.sql`update public.campaign_leads set status = 'sent' where email = 'bob@acme.example' and campaign_id = ${campaign}`;
    const lead_ids = (await leads()).map(({ id }) => id);
    const include = async (included: boolean) => {
      const answer = await act(db, owner, "include_leads", {
        campaign_id: campaign,
        lead_ids,
        included,
      });
      const now = (await leads()).map((lead) => [lead.status, lead.error_code]);
      return { answer, now };
    };
    expect(await include(false)).toMatchObject({
      answer: { changed: 1 },
      now: [
        ["skipped", "excluded"],
        ["sent", null],
        ["skipped", "invalid_email"],
      ],
    });
    expect(await include(true)).toMatchObject({
      answer: { changed: 1 },
      now: [
        ["pending", null],
        ["sent", null],
        ["skipped", "invalid_email"],
      ],
    });
  });

  it("that no line fits fail alone; a campaign without any ready lead fails by name", async () => {
    await importLeads(["ann@acme.example"]);
    await act(db, owner, "prepare_campaign", { campaign_id: campaign });
    const item = await claimOf("personalise");
    const [lead] = await leads();
    await item.worker.complete({
      ...held(item),
      effect: { leads: [{ id: lead?.id, error_code: "no_line", message: "Nothing to say." }] },
    });
    expect(await statuses()).toEqual(["failed"]);
    expect(await campaignOf()).toMatchObject({ status: "failed", error_code: "no_lead_ready" });
  });
});

describe("a push", () => {
  const five = Array.from({ length: 5 }, (_, n) => `lead${n}@acme.example`);

  beforeEach(async () => {
    await importLeads(five);
    await personalise();
    await act(db, owner, "push_campaign", { campaign_id: campaign });
  });

  it("goes page by page and writes the vendor's ids", async () => {
    const item = await claimOf("push");
    const page = await pushable(item, 3);
    expect(page.map((lead) => lead.email)).toEqual(five.slice(0, 3));
    await item.worker.complete({
      ...held(item),
      effect: {
        leads: page.map(({ id }, index) => ({ id, status: "sent", provider_lead_id: `v${index}` })),
      },
      next: {},
    });
    const next = await claimOf("push");
    const rest = await pushable(next, 3);
    expect(rest.map(({ email }) => email)).toEqual(five.slice(3));
    await next.worker.complete({
      ...held(next),
      effect: { leads: rest.map(({ id }) => ({ id, status: "skipped", error_code: "not_taken" })) },
    });
    expect(await statuses()).toEqual(["sent", "sent", "sent", "skipped", "skipped"]);
    expect((await leads())[0]).toMatchObject({ provider_lead_id: "v0" });
    expect(await campaignOf()).toMatchObject({ status: "ready", leads_sent: 3 });
  });

  it("whose worker died hands the same page out again first, and nobody twice as new", async () => {
    const lost = await claimOf("push");
    const page = await pushable(lost, 3);
    await expireLeases(db, [lost.id]);
    const item = await claimOf("push");
    expect(await pushable(lost, 3)).toHaveLength(0);
    // Also where others come before them by now.
    await db.sql`update public.campaign_leads set position = -position where campaign_id = ${campaign}`;
    expect(await pushable(item, 3)).toEqual(page.toReversed());
    expect((await pushable(item, 4)).map(({ email }) => email)).toEqual(
      [4, 2, 1, 0].map((n) => five[n]),
    );
  });

  it("reads its page of a large campaign, not the campaign", async () => {
    await db.sql`
      insert into public.campaign_leads (session_id, campaign_id, email, position)
      select ${session}, ${campaign}, 'more' || n || '@acme.example', n from generate_series(10, 5000) n`;
    await db.sql`update public.campaign_leads set status = 'ready' where campaign_id = ${campaign} and status = 'pending'`;
    await db.sql`analyze public.campaign_leads`;
    const item = await claimOf("push");
    const read = await db.sql.begin(async (sql) => {
      const rowsRead = async () => {
        const [count] = await sql<{ rows: number }[]>`
          select (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables
          where relid = 'public.campaign_leads'::regclass`;
        return count?.rows ?? 0;
      };
      // What the statements before have read is counted as well.
      const before = await rowsRead();
      const page = await sql<{ id: string }[]>`
        select id from otis.pushable_leads(${item.id}, ${item.lease}, 100)`;
      const ids = page.map(({ id }) => id);
      const values = await sql`select from public.lead_values(${campaign}, ${ids}::uuid[], 100)`;
      expect([page.length, values.length]).toEqual([100, 100]);
      return (await rowsRead()) - before;
    });
    expect(read).toBeLessThan(1000);
  });

  it("leaves out who was suppressed a moment before", async () => {
    const item = await claimOf("push");
    await suppress(["lead1@acme.example"]);
    expect((await pushable(item)).map((lead) => lead.email)).toEqual(
      five.filter((email) => !email.includes("1")),
    );
  });

  it("reads replies back once, and suppresses who unsubscribed", async () => {
    const item = await claimOf("push");
    const page = await pushable(item);
    await item.worker.complete({
      ...held(item),
      effect: {
        provider_campaign_id: "vendor",
        leads: page.map(({ id }) => ({ id, status: "sent" })),
      },
    });
    await act(db, owner, "refresh_analytics", { campaign_id: campaign });
    const read = await claimOf("analytics");
    const came = ["replied", "unsubscribed", "bounced", "pending", "sent"];
    await read.worker.complete({
      ...held(read),
      effect: { leads: page.map(({ id }, n) => ({ id, status: came[n] })) },
    });
    expect(await statuses()).toEqual(["replied", "unsubscribed", "bounced", "sent", "sent"]);
    const [listed] = await db.sql`
      select reason, email_hash = otis.hash_email('lead1@acme.example') as right from public.suppressions where owner_id = ${owner}`;
    expect(listed).toEqual({ reason: "unsubscribed", right: true });
  });
});

it("marks the leads of a file as sent when its user takes it", async () => {
  const made = await act<{ campaign_id: string }>(db, owner, "create_campaign", {
    session_id: session,
    name: "File",
  });
  campaign = made.campaign_id;
  await importLeads(["ann@acme.example"]);
  await personalise();
  await act(db, owner, "push_campaign", { campaign_id: campaign });
  expect(await statuses()).toEqual(["sent"]);
  expect(await campaignOf()).toMatchObject({ status: "completed", leads_sent: 1 });
});

it("takes the best contact of each selected company", async () => {
  const seeded = await seedCompanies(db, ["Alpha", "Beta"], owner);
  for (const [n, company] of seeded.companyIds.entries()) {
    await db.sql`
      insert into public.contacts (owner_id, company_id, kind, full_name, email, email_status, value_key, provider, confidence) values
        (${owner}, ${company}, 'email', null, ${`info@c${n}.example`}, 'found', 'email:info', 'website', 0.9),
        (${owner}, ${company}, 'person', 'Ann Lee', ${`ann@c${n}.example`}, 'found', 'person:ann', 'website', 0.8),
        (${owner}, ${company}, 'person', 'Bob Ray', ${`bob@c${n}.example`}, 'guessed', 'person:bob', 'website', 0.9)`;
  }
  const made = await act<{ leads: number; campaign_id: string }>(db, owner, "create_campaign", {
    session_id: seeded.session,
    name: "Found",
    company_ids: [...seeded.companyIds],
  });
  expect(made.leads).toBe(2);
  expect((await leads(made.campaign_id)).map((lead) => lead.email).sort()).toEqual([
    "ann@c0.example",
    "ann@c1.example",
  ]);
});

describe("a suppressed address", () => {
  it("gets out by no path, in whatever order things happen", async () => {
    const emails = ["a@one.example", "b@one.example", "c@sub.two.example", "d@three.example"];
    const steps = [
      "prepare",
      "push",
      "mark ready",
      "mark sent",
      "exclude",
      "include",
      "retry",
    ] as const;
    const plan = fc.record({
      before: fc.subarray(["a@one.example", "two.example"]),
      steps: fc.array(fc.constantFrom(...steps), { maxLength: 8 }),
      at: fc.nat({ max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ before, steps, at }) => {
        const made = await act<{ campaign_id: string }>(db, owner, "create_campaign", {
          session_id: session,
          name: "Any",
          channel: "instantly",
        }).catch(async () => {
          // The allowance of this user is used up: go on as another.
          owner = await db.createUser();
          session = await createSession(db, owner);
          return act<{ campaign_id: string }>(db, owner, "create_campaign", {
            session_id: session,
            name: "Any",
            channel: "instantly",
          });
        });
        campaign = made.campaign_id;
        await db.sql`delete from public.suppressions where owner_id = ${owner}`;
        const list = async (names: readonly string[]) =>
          db.sql`select otis.suppress_for(${owner},
            array(select otis.hash_email(x) from unnest(${names.filter((n) => n.includes("@"))}::text[]) x),
            ${names.filter((n) => !n.includes("@"))}::text[], 'asked')`;
        await list(before);
        await db.sql`
          insert into public.campaign_leads (session_id, campaign_id, email, position)
          select ${session}, ${campaign}, e, n from unnest(${emails}::text[]) with ordinality x (e, n)`;
        for (const [n, step] of steps.entries()) {
          if (n === at) await list(["a@one.example", "two.example"]);
          await take(step).catch(() => undefined);
        }
        await list(["a@one.example", "two.example"]);
        const held = (await leads()).filter(
          ({ email }) => email === "a@one.example" || email === "c@sub.two.example",
        );
        expect(held.filter(({ status }) => status !== "suppressed" && status !== "sent")).toEqual(
          [],
        );
        expect(await sentAfterListing(steps, at, before)).toEqual([]);
      }),
      { numRuns: 30 },
    );

    async function take(step: (typeof steps)[number]): Promise<void> {
      switch (step) {
        case "prepare":
          return personalise();
        case "push": {
          await act(db, owner, "push_campaign", { campaign_id: campaign });
          const item = await claimOf("push");
          const page = await pushable(item);
          await item.worker.complete({
            ...held(item),
            effect: { leads: page.map(({ id }) => ({ id, status: "sent" })) },
          });
          return;
        }
        case "mark ready":
          await db.sql`update public.campaign_leads set status = 'ready' where campaign_id = ${campaign} and status in ('pending', 'pushing', 'failed')`;
          return;
        case "mark sent":
          await db.sql`update public.campaign_leads set status = 'sent' where campaign_id = ${campaign} and status in ('ready', 'pushing')`;
          return;
        case "exclude":
        case "include":
          await act(db, owner, "include_leads", {
            campaign_id: campaign,
            lead_ids: (await leads()).map(({ id }) => id),
            included: step === "include",
          });
          return;
        case "retry":
          await act(db, owner, "retry", { target: "campaign", id: campaign });
      }
    }
    /** Who stands as sent although listed before anything could be sent. */
    async function sentAfterListing(
      taken: readonly string[],
      at: number,
      before: readonly string[],
    ) {
      const first = taken.findIndex((step) => step === "push" || step === "mark sent");
      const listed = new Set<string>();
      if (before.includes("a@one.example") || at <= first || first < 0) listed.add("a@one.example");
      if (before.includes("two.example") || at <= first || first < 0)
        listed.add("c@sub.two.example");
      return (await leads()).filter(
        (lead) => lead.status === "sent" && listed.has(lead.email ?? ""),
      );
    }
  });

  it("is refused when it is none, and kept as a hash only", async () => {
    for (const data of [
      { emails: ["nobody"] },
      { domains: ["no domain"] },
      { emails: [], domains: [] },
    ]) {
      await expect(act(db, owner, "suppress", data)).rejects.toMatchObject({
        message: "invalid_input",
      });
    }
    expect(await suppress(["Ann@Acme.example"], ["https://www.Other.example/x"])).toMatchObject({
      suppressed: 2,
    });
    expect(await suppress(["ann@acme.example"])).toMatchObject({ suppressed: 0 });
    const rows =
      await db.sql`select to_jsonb(s)::text as row from public.suppressions s where owner_id = ${owner}`;
    expect(rows.map((row) => row.row).join()).not.toMatch(/ann@/i);
    const asked = (email: string) =>
      db.as(
        owner,
        async (sql) => (await sql`select public.is_suppressed(${email}) as yes`)[0]?.yes,
      );
    expect(await asked("ANN@acme.example")).toBe(true);
    expect(await asked("x@deep.other.example")).toBe(true);
    expect(await asked("x@another.example")).toBe(false);
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { posting, scrape, startRun } from "./effects-postings.ts";
import { createSession, held, QueueWorker } from "./queue-worker.ts";

const db = await testDatabase();
// How fast vendors may be asked is not what these tests are about.
await db.sql`delete from otis.provider_limits`;
const lever = { kind: "lever", key: "lever:acme" };
const feed = { kind: "feed", key: "https://acme.example/jobs.xml" };
let owner = "";
let session = "";

beforeEach(async () => {
  owner = await db.createUser();
  session = await createSession(db, owner);
});

const postings = () =>
  db.sql`select * from public.job_postings where session_id = ${session} order by dedupe_key`;
const companies = (id = session) =>
  db.sql`select * from public.session_companies where session_id = ${id} order by name, domain`;
const drafts = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ key: String(from + i) }));

describe("postings of a step", () => {
  it("become rows once, with their text and source, and are counted", async () => {
    const run = await scrape(db, owner, session, lever, [drafts(1, 3), drafts(3, 5)]);
    const rows = await postings();
    expect(rows).toHaveLength(5);
    expect(rows[0]).toMatchObject({
      title: "Engineer 1",
      city: "Berlin",
      status: "open",
      sources: ["lever"],
      run_id: run,
    });
    const [counted] = await db.sql`
      select s.jobs_count, s.companies_count, s.runs_finished, r.items_found, r.status, r.outcome, r.percent,
        (select count(*)::int from public.job_posting_texts t join public.job_postings j on j.id = t.posting_id
          where j.session_id = s.id) as texts
      from public.otis_workflow_sessions s join public.scraping_runs r on r.session_id = s.id where s.id = ${session}`;
    expect(counted).toEqual({
      jobs_count: 5,
      companies_count: 1,
      runs_finished: 1,
      items_found: 5,
      status: "completed",
      outcome: "found",
      percent: 100,
      texts: 5,
    });
  });

  it("found again unchanged are not written again", async () => {
    await scrape(db, owner, session, lever, [drafts(1, 20)]);
    const before = await postings();
    await scrape(db, owner, session, lever, [drafts(1, 20)]);
    expect(await postings()).toEqual(before);
    expect((await companies()).map((row) => row.jobs_count)).toEqual([20]);
  });

  it("found again with changes are updated, and only those", async () => {
    await scrape(db, owner, session, lever, [drafts(1, 5)]);
    const before = await postings();
    await scrape(db, owner, session, lever, [
      [...drafts(1, 4), { key: "5", department: "Research", salaryMin: 50_000 }],
    ]);
    const after = await postings();
    expect(after.slice(0, 4)).toEqual(before.slice(0, 4));
    expect(after[4]).toMatchObject({ department: "Research", salary_min: "50000.00" });
  });

  it("that two sources name are one row that names both, and follow the one that had them first", async () => {
    await scrape(db, owner, session, lever, [[{ key: "1", title: "Senior Engineer" }]]);
    await scrape(db, owner, session, feed, [
      [{ key: "1", externalId: "other", title: "senior engineer", department: "Platform" }],
    ]);
    const [row, ...more] = await postings();
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      title: "Senior Engineer",
      department: "Platform",
      sources: ["feed", "lever"],
    });
  });

  it("that look alike but have ids of their own stay two, in whatever order they come", async () => {
    const two = [
      { key: "same", externalId: "9" },
      { key: "same", externalId: "3" },
    ];
    await scrape(db, owner, session, lever, [two.slice(0, 1), two.slice(1)]);
    const before = await postings();
    expect(before).toHaveLength(2);
    for (const order of [two, two.toReversed()]) {
      await scrape(db, owner, session, lever, [order]);
      expect((await postings()).filter((row) => row.status === "open")).toEqual(before);
    }
    await scrape(db, owner, session, lever, [two.slice(1), two.slice(0, 1)]);
    expect(await postings()).toEqual(before);
  });

  it("that are edited under their own id stay the rows they are, and nobody is told of new ones", async () => {
    const named = (...keys: string[]) =>
      keys.map((key, n) => ({ key, externalId: String(n), title: `Title ${key}`, html: key }));
    await scrape(db, owner, session, lever, [named("a", "b", "c")]);
    const ids = new Map((await postings()).map((row) => [row.dedupe_key, row.id]));
    await scrape(db, owner, session, lever, [named("a", "b2", "c2")]);
    // What was "b" exchanges its name with what was "c": no row is anybody else's.
    await scrape(db, owner, session, lever, [named("a", "c2", "b2")]);
    const rows = await db.sql`
      select j.id, j.dedupe_key, j.title, j.status, t.description_html as html from public.job_postings j
      join public.job_posting_texts t on t.posting_id = j.id where j.session_id = ${session} order by j.dedupe_key`;
    expect(rows).toHaveLength(3);
    expect(rows).toMatchObject([
      { id: ids.get("c:a"), title: "Title a", status: "open", html: "a" },
      { title: "Title b2", status: "open", html: "b2" },
      { title: "Title c2", status: "open", html: "c2" },
    ]);
    expect(new Set(rows.map((row) => row.id))).toEqual(new Set(ids.values()));
    expect((await companies()).map((row) => row.jobs_count)).toEqual([3]);
  });

  it("that are edited become another row where another source still names the old one", async () => {
    await scrape(db, owner, session, lever, [[{ key: "old", externalId: "1" }]]);
    await scrape(db, owner, session, feed, [[{ key: "old", externalId: "x" }]]);
    await scrape(db, owner, session, lever, [[{ key: "new", externalId: "1" }]]);
    expect(await postings()).toMatchObject([
      { dedupe_key: "c:new", status: "open", sources: ["lever"] },
      { dedupe_key: "c:old", status: "open", sources: ["feed"] },
    ]);
  });

  it("of which several have one id lose none when they are edited", async () => {
    const copies = (mark: string) =>
      ["Berlin", "Bonn", "Bern"].map((city) => ({ key: city + mark, externalId: "1" }));
    for (const mark of ["", "!", "?"]) {
      await scrape(db, owner, session, lever, [copies(mark)]);
      const open = (await postings()).filter((row) => row.status === "open");
      expect(open.map((row) => row.dedupe_key)).toEqual(
        copies(mark)
          .map(({ key }) => `c:${key}`)
          .sort(),
      );
    }
  });

  it("with values that do not fit are clipped or emptied, not refused", async () => {
    await scrape(db, owner, session, lever, [
      [
        {
          key: "odd",
          title: "Ж".repeat(400),
          postedAt: "yesterday",
          salaryMin: 1e300,
          department: "部".repeat(200),
          company: "株".repeat(300),
        },
      ],
    ]);
    const [row] = await postings();
    expect(row).toMatchObject({ posted_at: null, salary_min: null });
    expect(row?.title.length).toBeGreaterThan(100);
  });

  it("without a company belong to the one their source names", async () => {
    await scrape(db, owner, session, feed, [[{ key: "1", company: null }]]);
    expect((await companies())[0]).toMatchObject({ name: feed.key });
  });
});

describe("postings that are gone", () => {
  it("are closed when their source was read to its end, and open again when it names them again", async () => {
    await scrape(db, owner, session, lever, [drafts(1, 3)]);
    await scrape(db, owner, session, lever, [drafts(1, 2)]);
    expect((await postings()).map((row) => row.status)).toEqual(["open", "open", "closed"]);
    expect((await postings())[2]).toMatchObject({ sources: [] });
    await scrape(db, owner, session, lever, [drafts(1, 3)]);
    expect((await postings()).map((row) => row.status)).toEqual(["open", "open", "open"]);
    expect((await postings())[2]).toMatchObject({ sources: ["lever"], closed_at: null });
  });

  it("stay open while another source names them", async () => {
    await scrape(db, owner, session, lever, [drafts(1, 1)]);
    await scrape(db, owner, session, feed, [drafts(1, 1)]);
    await scrape(db, owner, session, lever, [[]]);
    expect((await postings())[0]).toMatchObject({ status: "open", sources: ["feed"] });
    await scrape(db, owner, session, feed, [[]]);
    expect((await postings())[0]).toMatchObject({ status: "closed" });
  });

  it.each([
    ["was not read to its end", { exhaustive: false }],
    [
      "could not be read",
      { outcome: "failed", error_code: "timeout", message: "It was too slow." },
    ],
    ["is not known any more", { outcome: "unknown", message: "There is no such board." }],
  ])("stay as they are when the source %s", async (_, ending) => {
    await scrape(db, owner, session, lever, [drafts(1, 3)]);
    await scrape(db, owner, session, lever, [drafts(1, 1)], ending);
    expect((await postings()).map((row) => row.status)).toEqual(["open", "open", "open"]);
  });
});

describe("the companies of postings", () => {
  it("are one by domain, whatever they are called", async () => {
    await scrape(db, owner, session, lever, [
      [
        { key: "1", company: "Acme Inc.", domain: "acme.example" },
        { key: "2", company: "ACME Germany", domain: "acme.example" },
        { key: "3", company: "Acme", domain: null },
      ],
    ]);
    expect((await companies()).map((row) => [row.domain, row.jobs_count])).toEqual([
      ["acme.example", 3],
    ]);
  });

  it("known by name only get the domain they show later, in every session of their owner", async () => {
    const other = await createSession(db, owner);
    const fresh = await db.createUser();
    await scrape(db, owner, session, lever, [[{ key: "1", company: "Late Domain GmbH" }]]);
    await scrape(db, owner, other, feed, [
      [{ key: "2", company: "Late Domain", domain: "late.example" }],
    ]);
    for (const id of [session, other]) {
      expect((await companies(id))[0]).toMatchObject({ domain: "late.example" });
    }
    const foreign = await createSession(db, fresh);
    await scrape(db, fresh, foreign, lever, [[{ key: "1", company: "Late Domain" }]]);
    expect((await companies(foreign))[0]).toMatchObject({ domain: null });
  });

  it("come from a list without postings, too", async () => {
    await scrape(db, owner, session, { kind: "csv", key: "upload:1" }, [[]], {
      companies: [
        { name: "Listed", domain: "listed.example", url: null, city: "Ulm", country: "DE" },
        { name: "Nameless", domain: null, url: null, city: null, country: null },
        { name: "", domain: null, url: null, city: null, country: null },
      ],
      sources: [
        { kind: "greenhouse", key: "greenhouse:listed", label: "Listed", target: "listed" },
      ],
    });
    expect((await companies()).map((row) => [row.name, row.city])).toEqual([
      ["Listed", "Ulm"],
      ["Nameless", null],
    ]);
    const runs =
      await db.sql`select source_key, status from public.scraping_runs where session_id = ${session} order by 1`;
    expect(runs).toEqual([
      { source_key: "greenhouse:listed", status: "queued" },
      { source_key: "upload:1", status: "completed" },
    ]);
  });

  it("removed by the user get no new postings, and keep theirs closed", async () => {
    await scrape(db, owner, session, lever, [drafts(1, 2)]);
    const [company] = await companies();
    await db.as(
      owner,
      (sql) => sql`select public.remove_companies(${session}, ${[company?.company_id]})`,
    );
    await scrape(db, owner, session, lever, [drafts(1, 4)]);
    expect((await postings()).map((row) => row.status)).toEqual(["closed", "closed"]);
    await db.as(
      owner,
      (sql) => sql`select public.remove_companies(${session}, ${[company?.company_id]}, false)`,
    );
    expect((await postings()).map((row) => row.status)).toEqual(["open", "open"]);
  });
});

describe("the end of a run", () => {
  it.each([
    ["found", "completed"],
    ["zero", "completed"],
    ["unknown", "failed"],
    ["failed", "failed"],
  ])("with outcome %s is %s, with a message for the user", async (outcome, status) => {
    const run = await scrape(db, owner, session, lever, [[]], { outcome, message: "So it was." });
    const [row] = await db.sql`select * from public.scraping_runs where id = ${run}`;
    expect(row).toMatchObject({ status, outcome, error_message: "So it was." });
    expect(row?.finished_at).not.toBeNull();
  });

  it("of the last one tells the inbox and moves the session on, if it found a company", async () => {
    await scrape(db, owner, session, lever, [drafts(1, 2)]);
    const [row] =
      await db.sql`select current_stage from public.otis_workflow_sessions where id = ${session}`;
    expect(row?.current_stage).toBe("enrichment");
    const news =
      await db.sql`select kind, body from public.notifications where session_id = ${session}`;
    expect(news).toEqual([{ kind: "scraping_finished", body: "2 postings of 1 companies found" }]);
  });

  it("whose effect the database refuses fails alone; its neighbours are kept", async () => {
    const good = await startRun(db, owner, session, lever);
    await startRun(db, owner, session, feed);
    const worker = new QueueWorker(db);
    const items = await worker.claim(10, ["scrape"]);
    const accepted = await worker.complete(
      ...items.map((item) => ({
        ...held(item),
        effect: {
          postings: [posting({ key: item.subject_id })],
          // No number where one belongs.
          cost_usd: item.subject_id === good ? 0.5 : "much",
          outcome: "found",
        },
      })),
    );
    expect(accepted).toHaveLength(1);
    const runs =
      await db.sql`select source_kind, status, error_code from public.scraping_runs where session_id = ${session} order by 1`;
    expect(runs).toEqual([
      { source_kind: "feed", status: "failed", error_code: "effect_refused" },
      { source_kind: "lever", status: "completed", error_code: null },
    ]);
    expect(await postings()).toHaveLength(1);
  });
});

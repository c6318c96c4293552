import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { act, seedCompanies } from "./effects-companies.ts";
import { startRun } from "./effects-postings.ts";
import { createSession, held, itemOf, makeDue, QueueWorker } from "./queue-worker.ts";

const db = await testDatabase();
await db.sql`delete from otis.provider_limits`;
let owner = "";
let session = "";
const worker = new QueueWorker(db);

beforeEach(async () => {
  await db.sql`delete from otis.work_items`;
  owner = await db.createUser();
  session = await createSession(db, owner);
});

const runOf = async (id: string) => {
  const [row] = await db.sql`select * from public.scraping_runs where id = ${id}`;
  return row;
};
const start = (key: string) => startRun(db, owner, session, { kind: "csv", key });
const to = (action: string, target: string, id: string) => act(db, owner, action, { target, id });
const permanent = { code: "refused", message: "No entry.", permanent: true };

describe("pause", () => {
  it("of a run takes its lease back at once, and resume goes on from the checkpoint", async () => {
    const run = await start("a");
    const first = await worker.claimOne();
    await worker.complete({ ...held(first), effect: {}, next: { page: 2 } });
    const item = await worker.claimOne();
    await to("pause", "run", run);
    expect(await worker.extend([item])).toEqual([]);
    expect(await worker.complete({ ...held(item), effect: { outcome: "found" } })).toEqual([]);
    expect(await worker.claim()).toEqual([]);
    expect(await runOf(run)).toMatchObject({ status: "paused" });
    await to("resume", "run", run);
    expect(await worker.claimOne()).toMatchObject({
      payload: { checkpoint: { page: 2 } },
      attempts: 1,
    });
  });

  it("of a session holds everything in it, and leaves what was paused alone paused on resume", async () => {
    const [one, two] = [await start("a"), await start("b")];
    await to("pause", "run", one);
    await to("pause", "session", session);
    expect(await worker.claim()).toEqual([]);
    await to("resume", "session", session);
    expect((await worker.claim()).map((item) => item.subject_id)).toEqual([two]);
  });

  it("tells workers to look at their leases", async () => {
    const heard: string[] = [];
    const { unlisten } = await db.sql.listen("otis_work", (payload) => heard.push(payload));
    const run = await start("a");
    await to("pause", "run", run);
    await expect.poll(() => heard).toEqual(["ready", "stop"]);
    await unlisten();
  });
});

describe("cancel", () => {
  it("ends a run where it is: what was found stays, a late result is refused", async () => {
    const run = await start("a");
    const item = await worker.claimOne();
    await to("cancel", "run", run);
    expect(await worker.complete({ ...held(item), effect: { outcome: "found" } })).toEqual([]);
    expect(await runOf(run)).toMatchObject({ status: "cancelled", outcome: null });
    expect(await itemOf(db, item.id)).toMatchObject({ state: "cancelled" });
  });

  it("of a session ends all that has not ended", async () => {
    const runs = [await start("a"), await start("b")];
    await to("pause", "run", runs[0] ?? "");
    await to("cancel", "session", session);
    for (const run of runs) expect(await runOf(run)).toMatchObject({ status: "cancelled" });
    expect(await worker.claim()).toEqual([]);
  });
});

describe("retry", () => {
  it("of a failed run goes on from its checkpoint with its attempts counted anew", async () => {
    const run = await start("a");
    const first = await worker.claimOne();
    await worker.complete({ ...held(first), effect: {}, next: { page: 2 } });
    const item = await worker.claimOne();
    await worker.fail({ ...held(item), ...permanent });
    expect(await runOf(run)).toMatchObject({
      status: "failed",
      outcome: "failed",
      error_message: "No entry.",
    });
    await to("retry", "run", run);
    expect(await runOf(run)).toMatchObject({
      status: "queued",
      outcome: null,
      error_message: null,
    });
    expect(await worker.claimOne()).toMatchObject({
      attempts: 1,
      payload: { checkpoint: { page: 2 } },
    });
  });

  it("of a run whose item is long deleted starts it again", async () => {
    const run = await start("a");
    await to("cancel", "run", run);
    await db.sql`delete from otis.work_items`;
    await to("retry", "run", run);
    expect(await worker.claimOne()).toMatchObject({
      payload: { source: { kind: "csv", key: "a", target: "a" } },
    });
  });

  it("of a session takes everything that failed, and revives a cancelled one", async () => {
    const runs = [await start("a"), await start("b")];
    for (const item of await worker.claim()) await worker.fail({ ...held(item), ...permanent });
    await to("cancel", "session", session);
    await to("retry", "session", session);
    expect((await worker.claim()).map((item) => item.subject_id).sort()).toEqual(runs.sort());
  });

  it("of one company, or of all that failed, opens the batch again", async () => {
    const seeded = await seedCompanies(db, ["Alpha", "Beta", "Gamma"], owner);
    const { batch_id } = await act<{ batch_id: string }>(db, owner, "start_enrichment", {
      session_id: seeded.session,
      company_ids: [...seeded.companyIds],
    });
    const [done, ...failing] = await worker.claim();
    if (!done) throw new Error("nothing to enrich");
    await worker.complete({ ...held(done), effect: { outcome: "completed" } });
    await worker.fail(...failing.map((item) => ({ ...held(item), ...permanent })));
    const batch = async () => {
      const [row] =
        await db.sql`select status, completed, failed from public.enrichment_batches where id = ${batch_id}`;
      return row;
    };
    expect(await batch()).toEqual({ status: "completed", completed: 1, failed: 2 });
    expect(await to("retry", "batch", batch_id)).toMatchObject({ changed: 2 });
    expect(await batch()).toEqual({ status: "queued", completed: 1, failed: 0 });
    // What is done already can be done again, by its row in the session.
    const [row] = await db.sql<{ id: string }[]>`
      select s.id from public.session_companies s join public.enrichment_status e
        on e.session_id = s.session_id and e.company_id = s.company_id where e.id = ${done.subject_id}`;
    await to("retry", "company", row?.id ?? "");
    expect(await batch()).toEqual({ status: "queued", completed: 0, failed: 0 });
    const again = await worker.claim();
    expect(again).toHaveLength(3);
    await worker.complete(
      ...again.map((item) => ({ ...held(item), effect: { outcome: "completed" } })),
    );
    expect(await batch()).toEqual({ status: "completed", completed: 3, failed: 0 });
  });
});

describe("priority and explanations", () => {
  it("puts one batch before everything else of its owner", async () => {
    await start("a");
    const urgent = await start("b");
    await act(db, owner, "set_priority", { target: "run", id: urgent, priority: 5 });
    expect((await worker.claimOne()).subject_id).toBe(urgent);
    expect(await runOf(urgent)).toMatchObject({ priority: 5 });
  });

  it("says why something waits", async () => {
    const [one, two] = [await start("a"), await start("b")];
    const why = async (id: string) =>
      (await act<{ reason: string }>(db, owner, "why_waiting", { target: "run", id })).reason;
    expect(await why(two)).toBe("behind");
    const item = (await worker.claim()).find(({ subject_id }) => subject_id === one);
    if (!item) throw new Error("the run was not claimed");
    expect(await why(one)).toBe("running");
    await worker.fail({
      ...held(item),
      code: "timeout",
      message: "Too slow.",
      retry_after_seconds: 60,
    });
    expect(await why(one)).toBe("backoff");
    await to("pause", "run", one);
    expect(await why(one)).toBe("paused");
    await to("pause", "session", session);
    expect(await why(two)).toBe("session_paused");
    await to("resume", "session", session);
    await db.sql`insert into otis.provider_limits (provider, blocked_until) values ('csv', now() + interval '1 minute')
      on conflict (provider) do update set blocked_until = excluded.blocked_until`;
    expect(await why(two)).toBe("provider_blocked");
    await db.sql`update otis.provider_limits set blocked_until = null, max_concurrency = 0 where provider = 'csv'`;
    expect(await why(two)).toBe("provider_busy");
    await db.sql`update otis.provider_limits set max_concurrency = null, capacity = 1, per_second = 0.001, tokens = 0, refilled_at = now() where provider = 'csv'`;
    expect(await why(two)).toBe("rate_limited");
    await db.sql`delete from otis.provider_limits`;
    await to("cancel", "run", two);
    expect(await why(two)).toBe("nothing");
  });

  it("foretells the end of many runs by the pace of those that have ended", async () => {
    const runs = await Promise.all(
      ["a", "b", "c", "d", "e", "f"].map((key) =>
        startRun(db, owner, session, { kind: "feed", key }),
      ),
    );
    const eta = async () =>
      (await act<{ scraping: number }>(db, owner, "eta", { session_id: session })).scraping;
    // Nothing is known of feeds yet: 30 s a run, all six at once.
    expect(await eta()).toBe(30);
    await db.sql`update public.scraping_runs set status = 'running', started_at = now() - interval '60 s' where id = any (${runs.slice(0, 3)})`;
    await db.sql`update public.scraping_runs set status = 'completed', outcome = 'zero', finished_at = now() where id = any (${runs.slice(0, 3)})`;
    // 20 s each: three are left. Some time has passed since then.
    expect(await eta()).toBeGreaterThanOrEqual(60);
    expect(await eta()).toBeLessThan(120);
  });

  it("foretells the end of a run by its own pace, and of work by its history", async () => {
    const run = await start("a");
    const item = await worker.claimOne();
    await worker.report({ ...held(item), step: "page 25", done: 25, total: 100 });
    await db.sql`alter table public.scraping_runs disable trigger touch`;
    await db.sql`update public.scraping_runs set started_at = now() - interval '50 s', updated_at = now() where id = ${run}`;
    await db.sql`alter table public.scraping_runs enable trigger touch`;
    const { eta_seconds } = await act<{ eta_seconds: number }>(db, owner, "eta", {
      session_id: session,
    });
    // 150 at the moment of the update; some time has passed since then.
    expect(eta_seconds).toBeGreaterThan(100);
    expect(eta_seconds).toBeLessThanOrEqual(150);
    await db.sql`
      insert into otis.work_timings (kind, provider, session_id, due_at, started_at, finished_at, result)
      select 'enrich', 'website', ${session}::uuid, array[t], array[t], t + interval '1600 ms', 'done'
      from generate_series(1, 20), (select now() as t) x`;
    const forecast = (work: { kind: string; provider: string; count: number }[]) =>
      act(db, owner, "forecast_work", { work });
    expect(await forecast([{ kind: "enrich", provider: "website", count: 100 }])).toEqual({
      seconds: 20,
      basis: "history",
    });
    expect(await forecast([{ kind: "push", provider: "new", count: 8 }])).toMatchObject({
      basis: "default",
    });
  });

  it("foretells the end of an enrichment as forecast, then by its pace and its slow ones", async () => {
    await db.sql`delete from otis.work_timings`;
    const names = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"];
    const seeded = await seedCompanies(db, names, owner);
    await act(db, owner, "start_enrichment", {
      session_id: seeded.session,
      company_ids: seeded.companyIds,
    });
    const eta = () => act<{ enrichment: number }>(db, owner, "eta", { session_id: seeded.session });
    // Nothing is known yet: 8 s each, eight at a time on average.
    expect(await eta()).toMatchObject({ enrichment: 6 });
    const ended = seeded.companyIds.slice(0, 4);
    await db.sql`update public.enrichment_status set status = 'running', started_at = now() - interval '10 s' where company_id = any (${ended})`;
    for (const [n, company] of ended.entries())
      await db.sql`update public.enrichment_status set status = 'completed', finished_at = started_at + ${n < 3 ? 1 : 8} * interval '1 s' where company_id = ${company}`;
    // Two more at 2 s each, and the slowest tenth takes 3.15 s longer than the average.
    expect(await eta()).toMatchObject({ enrichment: 8 });
  });

  it("finds what takes longer than usual, fails, or waits", async () => {
    const bottlenecks = () =>
      act<{ kind: string; severity: string }[]>(db, owner, "bottlenecks", { session_id: session });
    expect(await bottlenecks()).toEqual([]);
    await start("a");
    await db.sql`update otis.work_items set run_after = now() - interval '5 minutes'`;
    const other = await createSession(db, owner);
    await db.sql`
      insert into otis.work_timings (kind, provider, session_id, due_at, started_at, finished_at, result)
      select 'enrich', s.provider, s.session_id, array[t], array[t], t + s.took, s.result from (values
        ('slowly', ${other}::uuid, interval '1 s', 'done', 50),
        ('slowly', ${session}::uuid, interval '5 s', 'done', 10),
        ('badly', ${session}::uuid, interval '10 ms', 'failed', 10)) s (provider, session_id, took, result, steps),
      generate_series(1, s.steps), (select now() as t) x`;
    const found = await bottlenecks();
    expect(found.map(({ kind, severity }) => [kind, severity]).sort()).toEqual([
      ["failing", "critical"],
      ["slow", "critical"],
      ["waiting", "critical"],
    ]);
  });
});

describe("progress", () => {
  it("only ever grows, is written only when it differs, and never reaches 100 before the end", async () => {
    const run = await start("a");
    const item = await worker.claimOne();
    const reports = [
      { step: "page 2", done: 2, total: 10 },
      { step: "page 2", done: 1, total: 10 },
      { done: 10, total: 10 },
    ];
    const seen = [];
    for (const report of reports) {
      expect(await worker.report({ ...held(item), ...report })).toEqual([item.id]);
      const row = await runOf(run);
      seen.push([row?.step, row?.items_done, row?.percent, row?.revision]);
    }
    expect(seen.map(([step, done, percent]) => [step, done, percent])).toEqual([
      ["page 2", 2, 20],
      ["page 2", 2, 20],
      ["page 2", 10, 99],
    ]);
    expect(seen[1]?.[3]).toBe(seen[0]?.[3]);
    await makeDue(db);
  });

  it("writes log lines in order, whatever their level claims to be", async () => {
    await start("a");
    const item = await worker.claimOne();
    await worker.report({
      ...held(item),
      log: [
        { level: "info", message: "one" },
        { level: "doom", message: "two" },
        { message: "x".repeat(2000) },
      ],
    });
    const rows = await db.sql`
      select level, left(message, 3) as said from public.otis_progress_events where session_id = ${session} order by revision`;
    expect(rows).toEqual([
      { level: "info", said: "one" },
      { level: "info", said: "two" },
      { level: "info", said: "xxx" },
    ]);
  });
});

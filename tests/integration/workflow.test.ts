import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { type JobUser, newSession, startMainJob, untilIdle } from "./main-job-harness.ts";
import { startBoard } from "./worker-harness.ts";

const POSTINGS = 120;
const board = await startBoard(POSTINGS);
const job = await startMainJob({ env: board.env });
const { sql } = job;
const user = await job.signUp();

let release = () => {};
/** Holds every answer of the board back, from now on or after so many more. */
function hold(after = 0): void {
  board.holdFrom = board.requests.length + after;
  board.hold = new Promise((done) => {
    release = done;
  });
}
function letGo(): void {
  release();
  board.hold = null;
}
afterEach(letGo);

/** Starts to scrape companies of the board; the ids of their runs. */
async function start(companies: readonly string[], by: JobUser = user) {
  const session_id = await newSession(by);
  const sources = companies.map((company) => ({ input: `smartrecruiters:${company}` }));
  const { run_ids } = await by.call("start_scraping", { session_id, sources });
  return { session_id, run: run_ids[0] ?? "", runs: run_ids };
}

const runOf = async (id: string) => {
  const [row] = await sql`select * from public.scraping_runs where id = ${id}`;
  return row;
};
const titlesIn = async (session: string) => {
  const rows = await sql<{ title: string }[]>`
    select title from public.job_postings where session_id = ${session}`;
  return rows.map(({ title }) => title).sort();
};
const opened = (count: number) =>
  expect.poll(() => board.open.size, { timeout: 10_000 }).toBe(count);

/** Answers that bring the first postings, but not all of them. */
const FIRST = 30;
/** The first postings are there, and nothing more comes until the board lets go. */
async function arrivedAt(session: string): Promise<void> {
  await expect.poll(() => board.requests.length).toBeGreaterThan(board.holdFrom);
  expect((await titlesIn(session)).length).toBeGreaterThan(0);
}

describe("a request", () => {
  test("that is none is refused by name, and nothing happens", async () => {
    const refusals = [
      await user.refused("fly_to_the_moon", {}),
      await user.refused("constructor", {}),
      await user.refused("start_scraping", { session_id: "no id", sources: [] }),
      await user.refused("start_scraping", {
        session_id: randomUUID(),
        sources: [{ input: "jobs.lever.co/acme" }],
      }),
    ];
    expect(refusals).toMatchObject([
      { status: 400, code: "unknown_action" },
      { status: 400, code: "unknown_action" },
      {
        status: 400,
        code: "invalid_input",
        details: expect.arrayContaining([expect.objectContaining({ path: "session_id" })]),
      },
      { status: 404, code: "session_not_found" },
    ]);
    expect((await user.post("{half")).status).toBe(400);
    expect((await user.post({ action: "create_session" }, { authorization: "" })).status).toBe(401);
  });

  test("with the same key acts once and is answered alike, also ten at the same time", async () => {
    const key = randomUUID();
    const name = `Once ${key}`;
    const first = await user.call("create_session", { name }, key);
    const again = await Promise.all(
      Array.from({ length: 10 }, () => user.call("create_session", { name }, key)),
    );
    expect(again).toEqual(Array.from({ length: 10 }, () => first));
    const rows = await sql`select from public.otis_workflow_sessions where name = ${name}`;
    expect(rows).toHaveLength(1);
    const reused = await user.refused("create_session", { name: "Another" }, key);
    expect(reused).toMatchObject({ status: 409, code: "key_reused" });
  });

  test("that names one thing which is no source starts nothing at all", async () => {
    const session_id = await newSession(user);
    const sources = [{ input: "smartrecruiters:fine" }, { input: "what is this?" }];
    const refusal = await user.refused("start_scraping", { session_id, sources });
    expect(refusal).toMatchObject({ status: 400, code: "not_a_source" });
    expect(refusal.message).toContain("what is this?");
    expect(await sql`select from public.scraping_runs where session_id = ${session_id}`).toEqual(
      [],
    );
  });

  test("for somebody else's work finds nothing", async () => {
    hold();
    const { session_id, run } = await start(["private"]);
    const stranger = await job.signUp();
    for (const [action, data] of [
      ["cancel", { target: "run", id: run }],
      ["why_waiting", { target: "run", id: run }],
      ["get_progress", { session_id }],
      ["start_scraping", { session_id, sources: [{ input: "smartrecruiters:mine" }] }],
    ] as const)
      expect(await stranger.refused(action, data)).toMatchObject({ status: 404 });
    expect(await runOf(run)).toMatchObject({ finished_at: null });
    await user.call("cancel", { target: "session", id: session_id });
  });
});

describe("a scrape that runs", () => {
  test("is cancelled: its request is dropped, and nothing comes after", async () => {
    hold();
    const { session_id, run } = await start(["cancelled"]);
    await opened(1);
    expect(await user.call("cancel", { target: "run", id: run })).toMatchObject({ changed: 1 });
    await opened(0);
    expect(await runOf(run)).toMatchObject({ status: "cancelled", outcome: null });
    letGo();
    await untilIdle(job, session_id);
    expect(await titlesIn(session_id)).toEqual([]);
    expect(await user.refused("cancel", { target: "run", id: run })).toMatchObject({
      status: 409,
      code: "invalid_transition",
    });
  });

  test("cancelled half-way keeps what was found, and a retry finds the rest once", async () => {
    hold(FIRST);
    const { session_id, run } = await start(["halfway"]);
    await arrivedAt(session_id);
    await user.call("cancel", { target: "run", id: run });
    const kept = await titlesIn(session_id);
    expect(kept.length).toBeGreaterThan(0);
    letGo();
    await user.call("retry", { target: "run", id: run });
    await untilIdle(job, session_id);
    expect(await titlesIn(session_id)).toEqual(board.titles("halfway"));
    expect(await runOf(run)).toMatchObject({ status: "completed", outcome: "found" });
  });

  test("is paused and resumed without loss or repetition", async () => {
    hold(FIRST);
    const { session_id, run } = await start(["paused"]);
    await arrivedAt(session_id);
    await user.call("pause", { target: "run", id: run });
    await opened(0);
    const rows = () => sql`
      select id, revision from public.job_postings where session_id = ${session_id} order by revision`;
    const before = await rows();
    expect(before.length).toBeLessThan(POSTINGS);
    expect(await runOf(run)).toMatchObject({ status: "paused" });
    expect(await user.call("why_waiting", { target: "run", id: run })).toMatchObject({
      reason: "paused",
    });
    letGo();
    await user.call("resume", { target: "run", id: run });
    await untilIdle(job, session_id);
    expect(await titlesIn(session_id)).toEqual(board.titles("paused"));
    expect((await rows()).slice(0, before.length)).toEqual(before);
  });

  test("says how far it is, and when it will be done", async () => {
    hold(FIRST);
    const { session_id } = await start(["progress"]);
    await arrivedAt(session_id);
    const during = await user.call("get_progress", { session_id });
    expect(during.snapshot).toMatchObject({ jobsCount: expect.any(Number), companiesCount: 1 });
    expect(during.eta_seconds).toBeGreaterThanOrEqual(0);
    expect(during.eta_seconds).toBeLessThan(120);
    letGo();
    await untilIdle(job, session_id);
    const after = await user.call("get_progress", { session_id });
    expect(after).toMatchObject({ snapshot: { jobsCount: POSTINGS }, eta_seconds: null });
    const lines = await sql<{ message: string }[]>`
      select message from public.otis_progress_events where session_id = ${session_id}`;
    expect(lines.map(({ message }) => message).join("\n")).toContain(`${POSTINGS} postings`);
  });
});

describe("a scrape that waits", () => {
  test("says what it waits for", async () => {
    await sql`update otis.provider_limits set max_concurrency = 1 where provider = 'smartrecruiters'`;
    hold();
    const { session_id, runs } = await start(["first", "second"]);
    await opened(1);
    const reasons = async () => {
      const answers = await Promise.all(
        runs.map((id) => user.call("why_waiting", { target: "run", id })),
      );
      return answers.map(({ reason }) => reason).sort();
    };
    expect(await reasons()).toEqual(["provider_busy", "running"]);
    await user.call("pause", { target: "session", id: session_id });
    expect(await reasons()).toEqual(["session_paused", "session_paused"]);
    await user.call("cancel", { target: "session", id: session_id });
    expect(await reasons()).toEqual(["nothing", "nothing"]);
    await sql`update otis.provider_limits set max_concurrency = 16 where provider = 'smartrecruiters'`;
  });

  test("goes first when the user says so", async () => {
    await sql`update otis.provider_limits set max_concurrency = 1 where provider = 'smartrecruiters'`;
    hold();
    const { session_id, runs } = await start(["first", "second", "urgent"]);
    await opened(1);
    const from = board.requests.length;
    await user.call("set_priority", { target: "run", id: runs[2] ?? "", priority: 50 });
    await user.call("pause", { target: "session", id: session_id });
    await opened(0);
    letGo();
    await user.call("resume", { target: "session", id: session_id });
    await untilIdle(job, session_id);
    const order = board.requests.slice(from).map((path) => path.split("/")[3]);
    expect([...new Set(order)][0]).toBe("urgent");
    expect(new Set(order.slice(0, order.lastIndexOf("urgent") + 1)).size).toBe(1);
    await sql`update otis.provider_limits set max_concurrency = 16 where provider = 'smartrecruiters'`;
  });
});

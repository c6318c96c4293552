import { afterAll, afterEach, describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import {
  addSources,
  killAll,
  readRun,
  readTitles,
  startBoard,
  startHere,
  startProcess,
  startScraping,
  until,
} from "./worker-harness.ts";

const db = await testDatabase();
const owner = await db.createUser();
const board = await startBoard(120);
// What a vendor allows is the queue's to test; here it would only be slow.
await db.sql`update otis.provider_limits set capacity = null, per_second = null`;

const workers: ReturnType<typeof startHere>[] = [];
function startWorker(env: Record<string, string> = {}) {
  const worker = startHere(db, { ...board.env, ...env });
  workers.push(worker);
  return worker;
}

afterEach(async () => {
  for (const worker of workers) worker.stop();
  await Promise.all(workers.splice(0).map((worker) => worker.finished));
  board.hold = null;
  board.holdFrom = 0;
  board.delayMs = 0;
});
afterAll(killAll);

const itemsIn = async (sessionId: string) => {
  const rows = await db.sql<{ state: string; n: number }[]>`
    select state, count(*)::int as n from otis.work_items where session_id = ${sessionId} group by 1
    union all
    select 'done', sum(cardinality(started_at))::int from otis.work_timings
    where session_id = ${sessionId} and result = 'done' having count(*) > 0`;
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
};

describe("a worker", () => {
  it("scrapes several sources to their end, every posting once and with its text", async () => {
    const { sessionId, runs } = await startScraping(db, owner, ["alpha", "beta", "gamma"]);
    const { end } = await startWorker().finished;
    expect(end).toBe("empty");
    for (const [company, run] of runs) {
      expect(await readRun(db, run)).toMatchObject({
        status: "completed",
        outcome: "found",
        items_found: 120,
      });
      expect(await readTitles(db, sessionId, company)).toEqual({
        titles: board.titles(company),
        withoutText: 0,
      });
    }
    expect(await itemsIn(sessionId)).toEqual({ done: 3 });
  });

  it("takes up work that is added while it runs", async () => {
    let release = () => {};
    board.hold = new Promise((done) => {
      release = done;
    });
    const { sessionId } = await startScraping(db, owner, ["first"]);
    const worker = startWorker();
    await until(() => board.open.size > 0);
    await addSources(db, owner, sessionId, ["second"]);
    worker.wake();
    release();
    await worker.finished;
    expect(await itemsIn(sessionId)).toEqual({ done: 2 });
  });

  it("gives back what it has not finished when its runtime ends, for another to go on", async () => {
    let release = () => {};
    board.hold = new Promise((done) => {
      release = done;
    });
    const { sessionId, runs } = await startScraping(db, owner, ["handover"]);
    const first = startWorker();
    await until(() => board.open.size > 0);
    first.stop();
    expect(await first.finished).toMatchObject({ end: "stopped" });
    const [item] = await db.sql`
      select state, attempts from otis.work_items where session_id = ${sessionId}`;
    expect(item).toEqual({ state: "ready", attempts: 0 });
    release();
    board.hold = null;
    await startWorker().finished;
    expect(await readRun(db, runs.get("handover") ?? "")).toMatchObject({
      status: "completed",
      items_found: 120,
    });
  });

  it("writes its log without names, addresses or texts", async () => {
    await startScraping(db, owner, ["secretive"]);
    const worker = startWorker();
    await worker.finished;
    expect(worker.lines.length).toBeGreaterThan(0);
    expect(worker.lines.join("\n")).not.toMatch(/secretive|Role|127\.0\.0\.1|@/i);
    for (const line of worker.lines) expect(JSON.parse(line)).toHaveProperty("event");
  });
});

describe("pause and cancel", () => {
  const heldRun = async (company: string) => {
    let release = () => {};
    board.hold = new Promise((done) => {
      release = done;
    });
    const { sessionId, runs } = await startScraping(db, owner, [company]);
    const worker = startWorker();
    await until(() => board.open.size > 0);
    return { sessionId, runId: runs.get(company) ?? "", worker, release };
  };

  it("of a cancelled run ends its fetch and keeps what was found", async () => {
    const { runId, worker, release } = await heldRun("cancelled");
    const abortedBefore = board.aborted;
    await db.as(owner, (sql) => sql`select public.cancel('run', ${runId})`);
    await until(() => board.aborted > abortedBefore);
    release();
    expect(await worker.finished).toMatchObject({ end: "empty" });
    // It was the lease, not the fetch's own patience; how soon is shown in drain.test.ts.
    expect(worker.lines.join()).toContain('"lease_lost"');
    expect(await readRun(db, runId)).toMatchObject({ status: "cancelled", error_code: null });
  });

  it("of a paused session ends its fetch; resumed, it loses and repeats nothing", async () => {
    board.holdFrom = board.requests.length + 30;
    board.hold = new Promise(() => {});
    const { sessionId, runs } = await startScraping(db, owner, ["paused"]);
    const worker = startWorker();
    await until(() => board.open.size > 0 && board.requests.length > board.holdFrom);
    expect((await readTitles(db, sessionId, "paused")).titles).toHaveLength(100);
    await db.as(owner, (sql) => sql`select public.pause('session', ${sessionId})`);
    await worker.finished;
    expect(worker.lines.join()).toContain('"lease_lost"');
    expect(board.open.size).toBe(0);
    const asked = board.requests.length;
    await startWorker().finished;
    expect(board.requests.length).toBe(asked);
    board.hold = null;
    await db.as(owner, (sql) => sql`select public.resume('session', ${sessionId})`);
    await startWorker().finished;
    expect(await readRun(db, runs.get("paused") ?? "")).toMatchObject({
      status: "completed",
      items_found: 120,
    });
    expect((await readTitles(db, sessionId, "paused")).titles).toEqual(board.titles("paused"));
  });
});

describe("a long step", () => {
  it("keeps its lease as long as it runs", async () => {
    let release = () => {};
    board.hold = new Promise((done) => {
      release = done;
    });
    const { sessionId } = await startScraping(db, owner, ["long"]);
    startWorker();
    await until(() => board.open.size > 0);
    const leaseOf = async () => {
      const [item] = await db.sql<{ lease: string; until: Date }[]>`
        select lease, leased_until as until from otis.work_items where session_id = ${sessionId}`;
      return item;
    };
    const before = await leaseOf();
    const after = await until(async () => {
      const now = await leaseOf();
      return now !== undefined && before !== undefined && now.until > before.until ? now : null;
    }, 10_000);
    expect(after.lease).toBe(before?.lease);
    release();
  });
});

describe("many workers", () => {
  it("share the work: ten at once do every step exactly once", async () => {
    const companies = Array.from({ length: 12 }, (_, n) => `shared${n}`);
    const { sessionId, runs } = await startScraping(db, owner, companies);
    await Promise.all(
      Array.from({ length: 10 }, () => startWorker({ OTIS_WORKER_PARALLEL: "2" }).finished),
    );
    for (const [company, run] of runs) {
      expect(await readRun(db, run)).toMatchObject({ status: "completed", items_found: 120 });
      expect(await readTitles(db, sessionId, company)).toEqual({
        titles: board.titles(company),
        withoutText: 0,
      });
    }
  });

  it("that are killed again and again lose nothing and double nothing", async () => {
    board.delayMs = 2;
    const companies = ["killed0", "killed1", "killed2"];
    const { sessionId, runs } = await startScraping(db, owner, companies);
    const finished = async () => (await itemsIn(sessionId)).done === companies.length;
    let kills = 0;
    while (!(await finished())) {
      // In the middle of a step of each run, at another request every time.
      const enough = board.requests.length + 35 + ((kills * 13) % 40);
      startProcess(db, board.env);
      await until(async () => board.requests.length >= enough || (await finished()));
      await killAll();
      // What it held is lost at once instead of after the lease, so that the test is short.
      await db.sql`
        update otis.work_items set leased_until = now() - interval '1 second', attempts = 0
        where session_id = ${sessionId} and state = 'leased'`;
      kills += 1;
    }
    expect(kills).toBeGreaterThan(3);
    for (const [company, run] of runs) {
      expect(await readRun(db, run)).toMatchObject({ status: "completed", items_found: 120 });
      expect(await readTitles(db, sessionId, company)).toEqual({
        titles: board.titles(company),
        withoutText: 0,
      });
    }
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import {
  addItems,
  createSession,
  expireLeases,
  held,
  itemOf,
  makeDue,
  QueueWorker,
} from "./queue-worker.ts";

const db = await testDatabase();
const owner = await db.createUser();
const session = await createSession(db, owner);
const worker = new QueueWorker(db);

beforeEach(async () => {
  await db.sql`delete from otis.work_items`;
  await db.sql`update otis.provider_limits set blocked_until = null`;
});

describe("a lease", () => {
  it("that ran out gives the item to another, and the first one's result is refused", async () => {
    await addItems(db, session);
    const lost = await worker.claimOne();
    await expireLeases(db);
    const other = new QueueWorker(db);
    const taken = await other.claimOne();
    expect(taken.id).toBe(lost.id);
    expect(await worker.complete(held(lost))).toEqual([]);
    expect(await other.complete(held(taken))).toEqual([taken.id]);
    expect(await other.complete(held(taken))).toEqual([]);
  });

  it("of an earlier claim is refused even from the same worker", async () => {
    await addItems(db, session);
    const first = await worker.claimOne();
    await expireLeases(db);
    const second = await worker.claimOne();
    expect(await worker.complete(held(first))).toEqual([]);
    expect(await worker.extend([first])).toEqual([]);
    expect(await worker.fail({ ...held(first), code: "x", message: "" })).toEqual([]);
    expect(await worker.complete(held(second))).toEqual([second.id]);
  });

  it("is prolonged only for items still held", async () => {
    await addItems(db, session, { count: 2 });
    const items = await worker.claim();
    await expireLeases(db, [items[0]?.id ?? ""]);
    await new QueueWorker(db).claim();
    expect(await worker.extend(items)).toEqual([items[1]?.id]);
  });

  it("can be given back without the attempt being counted", async () => {
    await addItems(db, session);
    const item = await worker.claimOne();
    expect(await worker.release([item])).toEqual([item.id]);
    expect(await itemOf(db, item.id)).toMatchObject({ state: "ready", attempts: 0 });
  });

  it("lost with its worker five times fails the item instead of killing a sixth", async () => {
    const [id = ""] = await addItems(db, session);
    for (let death = 0; death < 5; death++) {
      await worker.claimOne();
      await expireLeases(db);
    }
    expect(await worker.claim()).toEqual([]);
    expect(await itemOf(db, id)).toMatchObject({ state: "failed", error_code: "worker_lost" });
  });
});

describe("a step that failed", () => {
  const failOnce = async (failure: object = {}) => {
    await makeDue(db);
    const item = await worker.claimOne();
    await worker.fail({ ...held(item), code: "timeout", message: "It took too long.", ...failure });
    // Measured by moments that the database noted itself: how long this test takes is nothing to it.
    const [row] = await db.sql`
      select w.*, extract(epoch from w.run_after - w.leased_at)::float8 as since_claim,
        extract(epoch from w.run_after - (select max(t.finished_at) from otis.work_timings t where t.session_id = w.session_id))::float8 as pause
      from otis.work_items w where id = ${item.id}`;
    return row;
  };

  it("waits a random time up to 2, 4, 8 … seconds, and fails for good after max_attempts", async () => {
    await addItems(db, session);
    for (let attempt = 1; attempt < 5; attempt++) {
      const row = await failOnce();
      expect(row).toMatchObject({ state: "ready", attempts: attempt, error_code: "timeout" });
      expect(row?.since_claim).toBeGreaterThan(0);
      expect(row?.pause).toBeLessThanOrEqual(2 ** attempt);
    }
    expect(await failOnce()).toMatchObject({ state: "failed", error_message: "It took too long." });
  });

  it("spreads the retries of many over the whole pause", async () => {
    await addItems(db, session, { count: 200 });
    const items = await worker.claim(200);
    await worker.fail(...items.map((item) => ({ ...held(item), code: "x", message: "" })));
    const [row] = await db.sql`
      select count(*) filter (where run_after < now() + interval '0.7 s')::int as soon,
        count(*) filter (where run_after > now() + interval '1.3 s')::int as late from otis.work_items`;
    expect(row?.soon).toBeGreaterThan(30);
    expect(row?.late).toBeGreaterThan(30);
  });

  it("is not tried before the vendor allows it, and neither is the vendor's other work", async () => {
    await addItems(db, session, { count: 3, provider: "apollo" });
    const row = await failOnce({ code: "rate_limited", retry_after_seconds: 60 });
    expect(row?.since_claim).toBeGreaterThanOrEqual(60);
    expect(await worker.claim()).toEqual([]);
    const [limit] = await db.sql`
      select extract(epoch from blocked_until - ${row?.leased_at})::float8 as wait from otis.provider_limits where provider = 'apollo'`;
    expect(limit?.wait).toBeGreaterThanOrEqual(59.9);
  });

  it("waits alone where each of the vendor's customers has a host of its own", async () => {
    await addItems(db, session, { count: 3, provider: "personio" });
    const row = await failOnce({ code: "rate_limited", retry_after_seconds: 60 });
    expect(row?.since_claim).toBeGreaterThanOrEqual(60);
    expect(await worker.claim()).toHaveLength(2);
  });

  it("that cannot succeed fails at once", async () => {
    await addItems(db, session);
    expect(await failOnce({ permanent: true })).toMatchObject({ state: "failed", attempts: 1 });
  });

  it("starts counting anew after a step that succeeded", async () => {
    await addItems(db, session);
    await failOnce();
    await makeDue(db);
    const item = await worker.claimOne();
    await worker.complete({ ...held(item), next: { page: 2 } });
    expect(await itemOf(db, item.id)).toMatchObject({
      state: "ready",
      attempts: 0,
      error_code: null,
    });
  });
});

describe("an item that has waited for 26 days", () => {
  const old = async () => {
    const [id = ""] = await addItems(db, session);
    await db.sql`update otis.work_items set run_after = now() - interval '26 days' where id = ${id}`;
    return worker.claimOne();
  };

  it("is completed like any other", async () => {
    const item = await old();
    expect(await worker.complete(held(item))).toEqual([item.id]);
  });

  it("fails like any other", async () => {
    const item = await old();
    expect(await worker.fail({ ...held(item), code: "x", message: "" })).toEqual([item.id]);
  });
});

describe("the end of a step", () => {
  it("keeps the checkpoint and the moment to go on; what is done leaves the queue", async () => {
    await addItems(db, session);
    const item = await worker.claimOne();
    await worker.complete({
      ...held(item),
      next: { page: 2 },
      resume_after_seconds: 30,
      provider: "apollo",
    });
    expect(await worker.claim()).toEqual([]);
    await makeDue(db);
    const again = await worker.claimOne();
    expect(again).toMatchObject({
      id: item.id,
      provider: "apollo",
      payload: { checkpoint: { page: 2 } },
    });
    await worker.complete(held(again));
    expect(await db.sql`select from otis.work_items where id = ${item.id}`).toHaveLength(0);
  });

  it("is counted once, however often its result is named", async () => {
    await addItems(db, session);
    const item = await worker.claimOne();
    expect(await worker.complete(held(item), held(item))).toEqual([item.id]);
    const timings =
      await db.sql`select result from otis.work_timings where session_id = ${session} order by finished_at desc limit 1`;
    expect(timings[0]).toMatchObject({ result: "done" });
  });

  it("refuses what is no list of results by name", async () => {
    for (const nonsense of ["{}", "[{}]", '[{"id": "no uuid"}]', "null"]) {
      await expect(
        db.sql`select otis.complete_work('w', ${nonsense}::text::jsonb)`,
      ).rejects.toMatchObject({ code: "PT400", message: "invalid_input" });
    }
  });
});

describe("waking", () => {
  it("says when something falls due, and that nothing does", async () => {
    const due = async () => {
      const [row] = await db.sql`select extract(epoch from otis.work_due())::float8 as seconds`;
      return row?.seconds;
    };
    expect(await due()).toBeNull();
    await addItems(db, session);
    expect(await due()).toBe(0);
    await worker.claimOne();
    expect(await due()).toBeGreaterThan(50);
    await db.sql`update otis.work_items set state = 'ready', leased_by = null, leased_until = null, run_after = now() + interval '9 s'`;
    expect(await due()).toBeGreaterThan(7);
  });

  it("notifies once a transaction, and drains by ticks alone when nobody listens", async () => {
    const heard: string[] = [];
    const { unlisten } = await db.sql.listen("otis_work", (payload) => heard.push(payload));
    await db.sql.begin(async (sql) => {
      for (let i = 0; i < 5; i++) await sql`select otis.wake_workers()`;
      await sql`select otis.wake_workers('stop')`;
    });
    await expect.poll(() => heard).toEqual(["ready", "stop"]);
    await unlisten();
    await addItems(db, session, { count: 5 });
    let done = 0;
    for (let tick = 0; tick < 10; tick++) {
      await db.sql`select otis.tick()`;
      done += (await worker.complete(...(await worker.claim(1)).map(held))).length;
    }
    expect(done).toBe(5);
  });
});

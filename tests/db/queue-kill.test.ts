import fc from "fast-check";
import postgres from "postgres";
import { expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { posting, startRun } from "./effects-postings.ts";
import {
  type Claimed,
  createSession,
  expireLeases,
  held,
  makeDue,
  QueueWorker,
} from "./queue-worker.ts";

const db = await testDatabase();
await db.sql`delete from otis.provider_limits`;

const STEPS = 4;

/** What a worker does with one claim; everything but `works` is a way to be killed or interrupted. */
const fates = [
  "works",
  "dies with the lease",
  "dies before the commit",
  "dies after the commit",
  "comes too late",
  "fails",
  "is paused",
  "gives back",
] as const;
type Fate = (typeof fates)[number];

const stepOf = (item: Claimed) => Number(item.payload.checkpoint?.step ?? 1);

function resultOf(item: Claimed) {
  const step = stepOf(item);
  const key = `${item.subject_id}-${step}`;
  return {
    ...held(item),
    effect: {
      postings: [posting({ key: `${key}a` }), posting({ key: `${key}b` })],
      log: [{ level: "info", message: `step ${key}` }],
      progress: { step: `page ${step}`, done: step, total: STEPS },
      ...(step === STEPS && { outcome: "found" }),
    },
    ...(step < STEPS && { next: { step: step + 1 } }),
  };
}

async function meet(fate: Fate, owner: string, session: string): Promise<boolean> {
  const worker = new QueueWorker(db);
  const [item] = await worker.claim(1, ["scrape"]);
  if (!item) return false;
  const result = resultOf(item);
  switch (fate) {
    case "works":
      expect(await worker.complete(result)).toEqual([item.id]);
      break;
    case "dies with the lease":
      await expireLeases(db, [item.id]);
      break;
    case "dies before the commit": {
      const dying = db.sql.begin(async (sql) => {
        await sql`select otis.complete_work(${worker.name}, ${JSON.stringify([result])}::text::jsonb)`;
        throw new Error("killed");
      });
      await expect(dying).rejects.toThrow("killed");
      await expireLeases(db, [item.id]);
      break;
    }
    case "dies after the commit":
      expect(await worker.complete(result)).toEqual([item.id]);
      expect(await worker.complete(result)).toEqual([]);
      break;
    case "comes too late": {
      await expireLeases(db, [item.id]);
      const other = new QueueWorker(db);
      const taken = (await other.claim(10, ["scrape"])).find(({ id }) => id === item.id);
      if (!taken) throw new Error("the lost item was not given to another");
      const accepted = await Promise.all([
        worker.complete(result),
        other.complete(resultOf(taken)),
      ]);
      expect(accepted).toEqual([[], [item.id]]);
      await expireLeases(db);
      break;
    }
    case "fails":
      await worker.fail({ ...held(item), code: "timeout", message: "Too slow." });
      await makeDue(db);
      break;
    case "is paused":
      await db.as(owner, (sql) => sql`select public.pause('session', ${session})`);
      expect(await worker.complete(result)).toEqual([]);
      expect(await worker.extend([item])).toEqual([]);
      await db.as(owner, (sql) => sql`select public.resume('session', ${session})`);
      break;
    case "gives back":
      await worker.release([item]);
      break;
  }
  return true;
}

async function outcome(session: string) {
  const [row] = await db.sql`
    select
      (select jsonb_object_agg(x.message, x.n) from (
        select e.message, count(*) as n from public.otis_progress_events e
        where e.session_id = ${session} and e.message like 'step %' group by 1) x) as steps,
      (select count(*)::int from public.job_postings j where j.session_id = ${session} and j.status = 'open') as postings,
      (select array_agg(distinct r.status || ' ' || r.percent) from public.scraping_runs r where r.session_id = ${session}) as runs,
      (select count(*)::int from otis.work_items w where w.session_id = ${session}) as items`;
  return row;
}

it("writes the effect of every step exactly once, whatever happens to its workers", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...fates), { maxLength: 25 }), async (lives) => {
      const owner = await db.createUser();
      const session = await createSession(db, owner);
      const runs = [
        await startRun(db, owner, session, { kind: "csv", key: "a" }),
        await startRun(db, owner, session, { kind: "feed", key: "b" }),
      ];
      await db.sql`update otis.work_items set max_attempts = 100 where session_id = ${session}`;
      for (const fate of lives) if (!(await meet(fate, owner, session))) break;
      await makeDue(db);
      while (await meet("works", owner, session));
      expect(await outcome(session)).toEqual({
        steps: Object.fromEntries(
          runs.flatMap((run) =>
            Array.from({ length: STEPS }, (_, step) => [`step ${run}-${step + 1}`, 1]),
          ),
        ),
        postings: runs.length * STEPS * 2,
        runs: ["completed 100"],
        items: 0,
      });
    }),
    { numRuns: 25 },
  );
});

it("survives a worker whose connection is cut in the middle of its result", async () => {
  const owner = await db.createUser();
  const session = await createSession(db, owner);
  const run = await startRun(db, owner, session, { kind: "csv", key: "a" });
  const worker = new QueueWorker(db);
  const item = await worker.claimOne(["scrape"]);
  const doomed = postgres(db.url, { max: 1, onnotice() {} });
  const [{ pid } = { pid: 0 }] = await doomed<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await db.sql.begin(async (sql) => {
    // The session is busy, so the result waits: there the connection is cut.
    await sql`select from public.otis_workflow_sessions where id = ${session} for update`;
    const cut = doomed`
      select otis.complete_work(${worker.name}, ${JSON.stringify([resultOf(item)])}::text::jsonb)`.catch(
      () => "cut",
    );
    await expect
      .poll(async () => {
        const [waiting] =
          await db.sql`select wait_event_type from pg_stat_activity where pid = ${pid}`;
        return waiting?.wait_event_type;
      })
      .toBe("Lock");
    await sql`select pg_terminate_backend(${pid})`;
    expect(await cut).toBe("cut");
  });
  await doomed.end({ timeout: 0 });
  await expireLeases(db);
  while (await meet("works", owner, session));
  expect(await outcome(session)).toMatchObject({
    postings: STEPS * 2,
    steps: { [`step ${run}-1`]: 1 },
  });
});

it("keeps eight workers that write to the same companies and sessions free of deadlocks", async () => {
  const owner = await db.createUser();
  const sessions = await Promise.all(Array.from({ length: 4 }, () => createSession(db, owner)));
  const companies = Array.from({ length: 6 }, (_, n) => `Company ${n}`);
  for (const session of sessions) {
    await startRun(db, owner, session, { kind: "csv", key: "seed" });
  }
  const seed = new QueueWorker(db);
  const seeded = (await seed.claim(100, ["scrape"])).map((item) => ({
    ...held(item),
    effect: {
      postings: companies.map((company) => posting({ key: company, company })),
      outcome: "found",
    },
  }));
  await seed.complete(...seeded);
  for (const session of sessions) {
    await db.as(
      owner,
      (sql) => sql`
      select public.start_enrichment(${session}, array(select company_id from public.session_companies where session_id = ${session}))`,
    );
    await startRun(db, owner, session, { kind: "feed", key: "more" });
  }
  const work = async () => {
    const worker = new QueueWorker(db);
    for (let items = await worker.claim(5); items.length > 0; items = await worker.claim(5)) {
      const results = items.map((item) => ({
        ...held(item),
        effect:
          item.kind === "enrich"
            ? {
                company: { city: worker.name.slice(0, 8) },
                contacts: [{ kind: "phone", phone: "+49 1" }],
              }
            : {
                // A name that shows its domain touches every session of the owner.
                postings: companies.map((company, n) =>
                  posting({ key: company, company, domain: `c${n}.example` }),
                ),
                outcome: "found",
              },
      }));
      expect(await worker.complete(...results)).toHaveLength(items.length);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  const stale = await db.sql`
    select s.id from public.session_companies s join public.companies c on c.id = s.company_id
    where s.owner_id = ${owner} and (s.city, s.domain, s.phones_count) is distinct from (c.city, c.domain, 1)`;
  expect(stale).toHaveLength(0);
  const [batches] = await db.sql`
    select array_agg(distinct status) as states from public.enrichment_batches where owner_id = ${owner}`;
  expect(batches?.states).toEqual(["completed"]);
});

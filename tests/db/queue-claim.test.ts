import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { act } from "./effects-companies.ts";
import { addItems, createSession, makeDue, QueueWorker } from "./queue-worker.ts";

const db = await testDatabase();
const owner = await db.createUser();
const worker = new QueueWorker(db);

beforeEach(async () => {
  await db.sql`delete from otis.work_items`;
  await db.sql`update otis.provider_limits set blocked_until = null`;
});

describe("claiming", () => {
  it("takes what has priority first, then what has waited longest", async () => {
    const session = await createSession(db, owner);
    const [early] = await addItems(db, session);
    const [late] = await addItems(db, session);
    const [urgent] = await addItems(db, session, { priority: 10 });
    const first = await worker.claim(2);
    expect(first.map((item) => item.id).sort()).toEqual([urgent, early].sort());
    expect((await worker.claim(2)).map((item) => item.id)).toEqual([late]);
  });

  it("gives every item to one of eight workers that claim at once", async () => {
    const session = await createSession(db, owner);
    await addItems(db, session, { count: 400 });
    const claimed: string[] = [];
    for (let round = 0; claimed.length < 400 && round < 50; round++) {
      const rounds = await Promise.all(
        Array.from({ length: 8 }, () => new QueueWorker(db).claim(20)),
      );
      claimed.push(...rounds.flat().map((item) => item.id));
    }
    expect(new Set(claimed).size).toBe(400);
    expect(claimed).toHaveLength(400);
  });

  it("leaves alone what is not due, held, or in a session on pause", async () => {
    const [later, held, paused] = await Promise.all([
      createSession(db, owner),
      createSession(db, owner),
      createSession(db, owner),
    ]);
    for (const session of [later, held, paused]) await addItems(db, session);
    await db.sql`update otis.work_items set run_after = now() + interval '1 hour' where session_id = ${later}`;
    await db.sql`update otis.work_items set held = true where session_id = ${held}`;
    await db.sql`update public.otis_workflow_sessions set status = 'paused' where id = ${paused}`;
    expect(await worker.claim()).toEqual([]);
    await makeDue(db);
    expect((await worker.claim()).map((item) => item.session_id)).toEqual([later]);
  });

  it("takes only the kinds it was asked for", async () => {
    await addItems(db, await createSession(db, owner));
    expect(await worker.claim(10, ["scrape"])).toEqual([]);
    expect(await worker.claim(10, ["scrape", "noop"])).toHaveLength(1);
  });

  it("refuses absurd limits by name", async () => {
    for (const limit of [0, -1, 1001]) {
      await expect(worker.claim(limit)).rejects.toMatchObject({
        code: "PT400",
        message: "invalid_limit",
      });
    }
  });

  it("refuses a second active item of one subject", async () => {
    const session = await createSession(db, owner);
    const [id = ""] = await addItems(db, session);
    await expect(
      db.sql`
        insert into otis.work_items (kind, owner_id, session_id, group_id, subject_id, provider)
        select kind, owner_id, session_id, group_id, subject_id, provider from otis.work_items where id = ${id}`,
    ).rejects.toMatchObject({ constraint_name: "work_items_active" });
  });
});

describe("fairness", () => {
  it("finishes 3 items of one session among 10,000 of another within two rounds", async () => {
    const [busy, small] = [await createSession(db, owner), await createSession(db, owner)];
    await addItems(db, busy, { count: 10_000 });
    await addItems(db, small, { count: 3 });
    const rounds = [...(await worker.claim(10)), ...(await worker.claim(10))];
    expect(rounds.filter((item) => item.session_id === small)).toHaveLength(3);
    expect(rounds).toHaveLength(20);
  });

  it("looks at a bounded number of rows, however many wait", async () => {
    const session = await createSession(db, owner);
    await addItems(db, session, { count: 10_000 });
    const read = await db.sql.begin(async (sql) => {
      const counter = sql`
        select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::int as n
        from pg_stat_xact_user_tables where relname = 'work_items'`;
      const [before] = await counter;
      await sql`select from otis.claim_work('w', '{noop}', 10, '60 seconds')`;
      const [after] = await sql`
        select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::int as n
        from pg_stat_xact_user_tables where relname = 'work_items'`;
      return (after?.n ?? 0) - (before?.n ?? 0);
    });
    expect(read).toBeLessThan(400);
  });

  it("counts what an owner has running as turns taken, so that she cannot fill every worker", async () => {
    const greedy = await Promise.all(Array.from({ length: 12 }, () => createSession(db, owner)));
    for (const session of greedy) await addItems(db, session, { count: 50 });
    expect(await worker.claim(30)).toHaveLength(30);
    const modest = await createSession(db, await db.createUser());
    await addItems(db, modest, { count: 5 });
    const next = await worker.claim(8);
    expect(next.filter((item) => item.session_id === modest)).toHaveLength(5);
  });

  it("reaches every one of 300 sessions, more than one claim looks at", async () => {
    const sessions = await db.sql<{ id: string }[]>`
      insert into public.otis_workflow_sessions (owner_id, name)
      select ${owner}, 'many' from generate_series(1, 300) returning id`;
    for (const { id } of sessions) await addItems(db, id, { count: 2 });
    const seen = new Set<string>();
    for (let round = 0; round < 40; round++) {
      for (const item of await worker.claim(30)) seen.add(item.session_id);
    }
    expect(seen.size).toBe(300);
  });
});

it("finds what is due behind 2,000 paused sessions at the first claim", async () => {
  await db.sql`
    with paused as (
      insert into public.otis_workflow_sessions (owner_id, name)
      select ${owner}, 'paused' from generate_series(1, 2000) returning id, owner_id)
    insert into otis.work_items (kind, owner_id, session_id, group_id, subject_id, provider)
    select 'noop', owner_id, id, gen_random_uuid(), gen_random_uuid(), 'noop' from paused`;
  await db.sql`update public.otis_workflow_sessions set status = 'paused' where name = 'paused'`;
  const session = await createSession(db, await db.createUser());
  await addItems(db, session, { count: 1 });
  expect((await worker.claim()).map((item) => item.session_id)).toEqual([session]);
});

it("takes nothing of a session that was paused while the claim waited for a vendor", async () => {
  const owner = await db.createUser();
  const session = await createSession(db, owner);
  await db.sql`insert into otis.provider_limits (provider, max_concurrency) values ('slow', 9)`;
  await addItems(db, session, { count: 1, provider: "slow" });
  const waiting = async () => {
    const [row] = await db.sql`
      select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%claim_work%'`;
    return row?.n;
  };
  const claimed = await db.sql.begin(async (blocker) => {
    await blocker`select from otis.provider_limits where provider = 'slow' for update`;
    const claiming = worker.claim().then((items) => items);
    await expect.poll(waiting).toBe(1);
    await act(db, owner, "pause", { target: "session", id: session });
    return { claiming };
  });
  expect(await claimed.claiming).toEqual([]);
});

it("does not wait for the disk, unless it gives up what was lost", async () => {
  const session = await createSession(db, owner);
  const claimedTo = () =>
    db.sql.begin(async (sql) => {
      const items = await sql`select id from otis.claim_work('w', '{noop}', 10, '15 seconds')`;
      const [row] = await sql<
        { commit: string }[]
      >`select current_setting('synchronous_commit') as commit`;
      return [items.length, row?.commit];
    });
  await addItems(db, session, { count: 2 });
  expect(await claimedTo()).toEqual([2, "off"]);
  await db.sql`update otis.work_items set leased_until = now() - interval '1 s', attempts = max_attempts where session_id = ${session}`;
  expect(await claimedTo()).toEqual([0, "on"]);
});

it("goes on although some lost item cannot even be given up", async () => {
  const broken = await createSession(db, await db.createUser());
  const [stuck = ""] = await addItems(db, broken, { count: 1 });
  await db.sql`update otis.work_items set kind = 'scrape', attempts = max_attempts, state = 'leased',
    leased_by = 'gone', leased_at = now() - interval '2 hours', leased_until = now() - interval '1 hour',
    run_after = now() - interval '1 day' where id = ${stuck}`;
  await db.sql.unsafe(`
    create function public.break_log() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
    create trigger break_log before insert on public.otis_progress_events for each row execute function public.break_log()`);
  try {
    const session = await createSession(db, await db.createUser());
    await addItems(db, session, { count: 1 });
    expect((await worker.claim()).map((item) => item.session_id)).toEqual([session]);
    expect(await worker.claim()).toEqual([]);
  } finally {
    await db.sql`drop function public.break_log() cascade`;
  }
});

describe("a vendor's limits, over eight workers", () => {
  const limited = async (values: Record<string, unknown>) => {
    await db.sql`
      insert into otis.provider_limits ${db.sql({ provider: "vendor", max_concurrency: null, capacity: null, per_second: null, tokens: 0, ...values })}
      on conflict (provider) do update set max_concurrency = excluded.max_concurrency, capacity = excluded.capacity,
        per_second = excluded.per_second, tokens = excluded.tokens, refilled_at = now(), blocked_until = null`;
    await addItems(db, await createSession(db, owner), { count: 200, provider: "vendor" });
  };
  const claimAtOnce = async () => {
    const rounds = await Promise.all(
      Array.from({ length: 8 }, () => new QueueWorker(db).claim(10)),
    );
    return rounds.flat();
  };

  it("never lets more steps run than are allowed at once", async () => {
    await limited({ max_concurrency: 3 });
    const first = await claimAtOnce();
    expect(first).toHaveLength(3);
    expect(await claimAtOnce()).toHaveLength(0);
    const [row] =
      await db.sql`select leased_by from otis.work_items where id = ${first[0]?.id ?? ""}`;
    await new QueueWorker(db, row?.leased_by).complete({
      id: first[0]?.id ?? "",
      lease: first[0]?.lease ?? "",
    });
    expect(await claimAtOnce()).toHaveLength(1);
  });

  it("never starts more steps than the bucket has tokens, and refills it by time", async () => {
    await limited({ capacity: 5, per_second: 0.001, tokens: 5 });
    expect(await claimAtOnce()).toHaveLength(5);
    expect(await claimAtOnce()).toHaveLength(0);
    await db.sql`update otis.provider_limits set per_second = 1, refilled_at = now() - interval '3 seconds' where provider = 'vendor'`;
    expect(await claimAtOnce()).toHaveLength(3);
    await db.sql`update otis.provider_limits set refilled_at = now() - interval '1 hour' where provider = 'vendor'`;
    expect(await claimAtOnce()).toHaveLength(5);
  });

  it("lets other vendors' work pass while one is blocked", async () => {
    await limited({ max_concurrency: 100 });
    await db.sql`update otis.provider_limits set blocked_until = now() + interval '1 minute' where provider = 'vendor'`;
    await addItems(db, await createSession(db, owner), { count: 2, provider: "other" });
    expect((await claimAtOnce()).map((item) => item.provider)).toEqual(["other", "other"]);
  });
});

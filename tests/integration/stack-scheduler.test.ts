import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startScheduler } from "../../supabase/embedded/scheduler.ts";
import { cloneDatabase } from "../support/database.ts";
import { type OwnStack, startOwnStack } from "../support/stack.ts";

let stack: OwnStack;
let sql: postgres.Sql;

beforeAll(async () => {
  const worker = fileURLToPath(new URL("../support/functions/worker/index.ts", import.meta.url));
  stack = await startOwnStack({ functions: { worker } });
  sql = postgres(stack.databaseUrl, { max: 1, onnotice() {} });
});
afterAll(async () => {
  await sql.end();
  await stack[Symbol.asyncDispose]();
});

async function wakes(): Promise<{ count: number; keys: string[] }> {
  return (await fetch(`${stack.apiUrl}/functions/v1/worker`)).json();
}

test("a notification wakes the worker, with the secret key", async () => {
  const before = (await wakes()).count;
  await sql`select pg_notify('otis_work', '')`;
  await expect.poll(async () => (await wakes()).count).toBeGreaterThan(before);
  expect((await wakes()).keys).toEqual([stack.secretKey]);
});

test("a burst of notifications becomes a few wakes", async () => {
  const before = (await wakes()).count;
  await sql`select pg_notify('otis_work', i::text) from generate_series(1, 500) as i`;
  await expect.poll(async () => (await wakes()).count).toBeGreaterThan(before);
  // All have been heard, since one connection hears them in order.
  const last = (await wakes()).count;
  await sql`select pg_notify('otis_work', 'the last')`;
  await expect.poll(async () => (await wakes()).count).toBeGreaterThan(last);
  expect((await wakes()).count).toBeLessThan(before + 20);
});

test("notifications wake the worker again after Postgres was killed", async () => {
  const killed = stack.stack.processes().postgres;
  process.kill(killed, "SIGKILL");
  await expect.poll(() => stack.stack.processes().postgres).not.toBe(killed);
  await expect
    .poll(() =>
      sql`select 1`.then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  const before = (await wakes()).count;
  await expect
    .poll(async () => {
      await sql`select pg_notify('otis_work', '')`;
      return (await wakes()).count;
    })
    .toBeGreaterThan(before);
});

test("work that falls due later wakes the worker without a notification", async () => {
  const db = await cloneDatabase(inject("templateUrl"));
  let woken = 0;
  const scheduler = await startScheduler({
    databaseUrl: db.url,
    wake: async () => {
      woken += 1;
    },
    log() {},
  });
  try {
    const owner = await db.createUser();
    const [session] = await db.sql`
      insert into public.otis_workflow_sessions (owner_id, name) values (${owner}, 's') returning id
    `;
    await expect.poll(() => woken).toBe(1);
    const before = woken;
    await db.sql`
      insert into otis.work_items (kind, owner_id, session_id, group_id, subject_id, provider, run_after)
      values (
        'noop', ${owner}, ${session?.id}, ${session?.id}, ${session?.id}, 'noop',
        now() + interval '500 milliseconds'
      )
    `;
    await expect.poll(() => woken).toBeGreaterThan(before);
  } finally {
    await scheduler.close();
    await db.drop();
  }
});

test("it keeps house: what is past its date is deleted", async () => {
  const db = await cloneDatabase(inject("templateUrl"));
  const owner = await db.createUser();
  await db.sql`insert into public.uploads (owner_id, name, created_at) values (${owner}, 'old.csv', '2020-01-01')`;
  const scheduler = await startScheduler({ databaseUrl: db.url, async wake() {}, log() {} });
  try {
    expect(await db.sql`select 1 from public.uploads where owner_id = ${owner}`).toEqual([]);
  } finally {
    await scheduler.close();
    await db.drop();
  }
});

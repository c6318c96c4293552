import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
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
  expect((await wakes()).count).toBeLessThan(before + 20);
});

test("notifications wake the worker again after Postgres was killed", async () => {
  const killed = stack.stack.processes().postgres;
  process.kill(killed, "SIGKILL");
  await expect.poll(() => stack.stack.processes().postgres, { timeout: 10_000 }).not.toBe(killed);
  await expect
    .poll(
      () =>
        sql`select 1`.then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
  const before = (await wakes()).count;
  await expect
    .poll(
      async () => {
        await sql`select pg_notify('otis_work', '')`;
        return (await wakes()).count;
      },
      { timeout: 5_000 },
    )
    .toBeGreaterThan(before);
});

import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askHolder, lockStack } from "./stack-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otis-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("one stack at most holds a folder; the next gets it when the first has let go", async () => {
  expect(await askHolder(folder)).toBeUndefined();
  const lock = await lockStack(folder);
  expect(await askHolder(folder)).toBe(process.pid);
  await expect(lockStack(folder)).rejects.toThrow(/is running in/);
  await lock.release();
  await (await lockStack(folder)).release();
});

test("a holder that is there and says nothing is not taken for dead", async () => {
  const silent = createServer().listen(join(folder, "stack.sock"));
  await expect(lockStack(folder)).rejects.toThrow(/does not answer: is it suspended/);
  silent.close();
});

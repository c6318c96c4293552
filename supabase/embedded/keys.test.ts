import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadKeys } from "./keys.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otis-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the first start makes random keys that only their owner may read, later ones find them", () => {
  const keys = loadKeys(folder);
  expect(statSync(join(folder, "keys.json")).mode & 0o777).toBe(0o600);
  expect(loadKeys(folder)).toEqual(keys);
  expect(new Set(Object.values(keys)).size).toBe(5);
});

test("a damaged file is refused, not replaced", () => {
  writeFileSync(join(folder, "keys.json"), '{"jwtSecret":""}');
  expect(() => loadKeys(folder)).toThrow(/is damaged/);
});

test("keys that are missing beside a database are not made anew: they would not open it", () => {
  mkdirSync(join(folder, "postgres"));
  writeFileSync(join(folder, "postgres/PG_VERSION"), "17\n");
  expect(() => loadKeys(folder)).toThrow(/is missing/);
});

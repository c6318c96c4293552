import { expect, test } from "vitest";
import { summariseRuns } from "./summarise-runs.ts";

const run = (source_kind: string, status: string, took: number | null, items_found = 0) => ({
  source_kind,
  status,
  outcome: null,
  items_found,
  started_at: took === null ? null : "2026-01-01T00:00:00Z",
  finished_at: took === null ? null : new Date(Date.UTC(2026, 0, 1) + took * 1000).toISOString(),
});

test("counts runs by kind, most first", () => {
  const kinds = summariseRuns([
    run("feed", "completed", 1),
    run("csv", "completed", 1),
    run("csv", "failed", 1),
  ]);
  expect(kinds.map(({ kind, runs, worked }) => [kind, runs, worked])).toEqual([
    ["csv", 2, 0.5],
    ["feed", 1, 1],
  ]);
});

test("takes the middle of the times of what was read to the end", () => {
  const times = (took: number[]) =>
    summariseRuns(took.map((seconds) => run("feed", "completed", seconds)))[0]?.median;
  expect(times([9, 1, 4])).toBe(4);
  expect(times([1, 2, 4, 100])).toBe(3);
  expect(summariseRuns([run("feed", "failed", 7)])[0]?.median).toBeNull();
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { foundOverTime } from "./found-series.ts";

test("says nothing of fewer than two moments", () => {
  expect(foundOverTime([])).toBeNull();
  expect(foundOverTime([5, 5, 5])).toBeNull();
});

test("never falls, begins with the first and ends with all", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e12 }), { minLength: 2 }), (moments) => {
      const times = moments.toSorted((a, b) => a - b);
      fc.pre(times[0] !== times.at(-1));
      const series = foundOverTime(times);
      expect(series?.found.at(-1)).toBe(times.length);
      expect(series?.found[0]).toBeGreaterThan(0);
      expect(series?.found).toEqual(series?.found.toSorted((a, b) => a - b));
    }),
  );
});

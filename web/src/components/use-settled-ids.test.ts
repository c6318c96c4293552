import fc from "fast-check";
import { expect, test } from "vitest";
import { samePlaces } from "./use-settled-ids.ts";

test("lets in what arrives below the last row on the screen", () => {
  expect(samePlaces(["a", "b"], ["a", "b", "c"], 1)).toBe(true);
  expect(samePlaces(["a", "b", "c"], ["a", "x", "b", "c"], 0)).toBe(true);
});

test("holds back what would move a row on the screen", () => {
  expect(samePlaces(["a", "b"], ["new", "a", "b"], 1)).toBe(false);
  expect(samePlaces(["a", "b", "c"], ["a", "c"], 2)).toBe(false);
});

test("has nothing to keep in an empty list", () => {
  expect(samePlaces([], ["a"], Number.POSITIVE_INFINITY)).toBe(true);
});

test("never lets a row above the fold change", () => {
  const ids = fc.uniqueArray(fc.string(), { maxLength: 30 });
  fc.assert(
    fc.property(ids, ids, fc.nat(30), (shown, latest, last) => {
      if (!samePlaces(shown, latest, last)) return;
      const visible = Math.min(last + 1, shown.length);
      expect(latest.slice(0, visible)).toEqual(shown.slice(0, visible));
    }),
  );
});

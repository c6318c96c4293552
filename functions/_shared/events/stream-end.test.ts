import fc from "fast-check";
import { expect, test } from "vitest";
import { streamEnd } from "./stream-end.ts";

const SECOND = 1_000;
const at = (age: number, random = 0) =>
  streamEnd({ now: age, startedAt: 0, wallClockSeconds: undefined, random });

test("a stream ends before the platform's wall clock", () => {
  expect(at(0)).toBe(380 * SECOND);
  expect(at(300 * SECOND, 0.5)).toBe(370 * SECOND);
});

test("an isolate that outlives its wall clock gives streams a whole life", () => {
  expect(at(3_600 * SECOND)).toBe((3_600 + 380) * SECOND);
});

test("no stream ends as soon as it was opened, however old the isolate is", () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.double({ min: 0, max: 1, noNaN: true }), (age, random) => {
      expect(at(age, random) - age).toBeGreaterThan(20 * SECOND);
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { isVisible } from "./visibility-horizon.ts";

const low = (xid: bigint) => Number(BigInt.asUintN(32, xid));

test("a transaction is visible when it is below the snapshot and not among those that run", () => {
  expect(isVisible(99, "90:100:95,97")).toBe(true);
  expect(isVisible(97, "90:100:95,97")).toBe(false);
  expect(isVisible(100, "90:100:")).toBe(false);
  expect(isVisible(101, "90:100:95")).toBe(false);
});

test("the same holds on both sides of where identifiers wrap around", () => {
  const xmax = fc.bigInt({ min: 1_000n, max: 2n ** 40n });
  const distance = fc.integer({ min: -1_000, max: 1_000 });
  fc.assert(
    fc.property(xmax, distance, fc.array(distance), (limit, offset, running) => {
      const underway = running.filter((each) => each < 0).map((each) => limit + BigInt(each));
      const snapshot = `${limit - 1_000n}:${limit}:${underway}`;
      const xid = limit + BigInt(offset);
      const expected = xid < limit && !underway.includes(xid);
      expect(isVisible(low(xid), snapshot)).toBe(expected);
    }),
  );
});

import { describe, expect, test } from "vitest";
import { secondsTogether } from "./scraping.ts";

describe("the forecast of several sources", () => {
  test.each([
    ["none", [], 0],
    ["one", [2.4], 3],
    ["few, as long as the longest", [2, 30, 4], 30],
    ["many, in turns", Array.from({ length: 160 }, () => 3), 30],
  ])("of %s", (_, seconds, expected) => {
    expect(secondsTogether(seconds)).toBe(expected);
  });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { lineByRules, shorten } from "./personal-line.ts";

const company = { company_name: "Bakker BV", job_title: "Planner", city: "Breda" };

it("takes the first rule that can be said in full", () => {
  expect(lineByRules("", company)).toBe("I saw that Bakker BV is looking for a Planner in Breda.");
  expect(lineByRules("", { ...company, city: null })).toBe(
    "I saw that Bakker BV is looking for a Planner.",
  );
  expect(lineByRules("", { company_name: "Bakker BV" })).toBe("Bakker BV caught my eye.");
  expect(lineByRules("Only {{industry}}", company)).toBeNull();
});

it("never makes a line the column cannot hold", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 900 }), (text) => {
      expect(new TextEncoder().encode(shorten(text)).length).toBeLessThanOrEqual(500);
    }),
  );
});

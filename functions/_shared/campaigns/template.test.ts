import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isComplete, render, unknownVariables, variablesOf } from "./template.ts";

describe("a template", () => {
  it.each([
    ["Hi {{first_name}},", { first_name: "Ada" }, "Hi Ada,"],
    ["Hi {{ First_Name | there }},", {}, "Hi there,"],
    ["Hi {{first_name|}},", {}, "Hi ,"],
    ["{{a}} {{b}}", { a: "{{b}}", b: "x" }, "{{b}} x"],
    ["{single} {{not a name}} {{}}", {}, "{single} {{not a name}} {{}}"],
    ["$& {{a}}", { a: "$1" }, "$& $1"],
  ])("%j with %j says %j", (template, values, text) => expect(render(template, values)).toBe(text));

  it("names its variables once, and those that nobody knows", () => {
    expect(variablesOf("{{city}} {{City|x}} {{role}}")).toEqual(["city", "role"]);
    expect(unknownVariables("{{city}} {{shoe_size}} {{team}}", ["team"])).toEqual(["shoe_size"]);
  });

  it("is complete when all that has no fallback has a value", () => {
    expect(isComplete("{{city|here}} {{role}}", { role: "CTO" })).toBe(true);
    expect(isComplete("{{city}} {{role}}", { role: "CTO", city: " " })).toBe(false);
  });

  it("puts values in as they are, never evaluated", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(render("<{{city}}>", { city: value })).toBe(`<${value.trim()}>`);
      }),
    );
  });
});

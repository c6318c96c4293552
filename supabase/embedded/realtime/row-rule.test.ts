import { expect, test } from "vitest";
import { isVisible, type Policy, readRowRule } from "./row-rule.ts";

const uuids = new Set(["owner_id", 'odd "name"']);
const policy = (using: string | null, permissive = true): Policy => ({ using, permissive });

test.each<[string, Policy[], object]>([
  ["no policy", [], { kind: "nothing" }],
  ["a policy without a condition", [policy(null)], { kind: "nothing" }],
  ["true", [policy("true")], { kind: "everything" }],
  [
    "the owner test",
    [policy("(( SELECT auth.uid() AS uid) = owner_id)")],
    { columns: ["owner_id"] },
  ],
  ["a quoted column", [policy('("odd ""name""" = auth.uid())')], { columns: ['odd "name"'] }],
  ["a column of another type", [policy("(name = auth.uid())")], { kind: "database" }],
  [
    "more than the owner test",
    [policy("((owner_id = auth.uid()) AND (size > 1))")],
    { kind: "database" },
  ],
  ["another schema's function", [policy("(owner_id = other.uid())")], { kind: "database" }],
  ["a restrictive policy", [policy("true"), policy("true", false)], { kind: "database" }],
  [
    "one that is not understood",
    [policy("(owner_id = auth.uid())"), policy("f(x)")],
    { kind: "database" },
  ],
])("%s", (_, policies, rule) => {
  expect(readRowRule(policies, uuids)).toMatchObject(rule);
});

test("a row that does not tell its owner is left to Postgres", () => {
  const rule = { kind: "owner" as const, columns: ["owner_id"] };
  const user = "0a000000-0000-4000-8000-00000000000a";
  expect(isVisible(rule, { owner_id: user }, user.toUpperCase())).toBe(true);
  expect(isVisible(rule, { owner_id: null }, user)).toBe(false);
  expect(isVisible(rule, {}, user)).toBeUndefined();
  expect(isVisible(rule, { owner_id: user }, "not a uuid")).toBeUndefined();
  expect(isVisible(rule, { owner_id: user }, undefined)).toBe(false);
});

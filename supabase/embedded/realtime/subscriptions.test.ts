import fc from "fast-check";
import { expect, test } from "vitest";
import { toColumnType } from "./column-type.ts";
import { type ColumnCondition, meets } from "./filter.ts";
import type { Operator } from "./filter-syntax.ts";
import { type Placement, type Subscriber, SubscriptionIndex, tableKey } from "./subscriptions.ts";

const TYPES = {
  owner: { oid: 25, name: "text" },
  size: { oid: 23, name: "int4" },
  price: { oid: 1700, name: "numeric" },
};
type ColumnName = keyof typeof TYPES;
const subscriber: Subscriber = {
  topic: "realtime:x",
  version: "2.0.0",
  claims: { role: "anon" },
  send() {},
  reject() {},
};

function condition(
  column: ColumnName,
  operator: Operator,
  values: string[],
  negate: boolean,
): ColumnCondition {
  const type = toColumnType({
    ...TYPES[column],
    sql: "x",
    kind: "b",
    casts_to_json: false,
    element: null,
  });
  return { column, operator, negate, values, canonical: values, type };
}

function place(id: number, table: string, conditions: ColumnCondition[]): Placement {
  const request = {
    event: "*" as const,
    schema: "public",
    table,
    conditions: [],
    select: undefined,
  };
  return { subscription: { subscriber, id, request }, conditions };
}

const value = fc.constantFrom("1", "2", "3");
const anyCondition = fc
  .record({
    column: fc.constantFrom<ColumnName>("owner", "size", "price"),
    operator: fc.constantFrom<Operator>("eq", "in", "neq"),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
    negate: fc.boolean(),
  })
  .map(({ column, operator, values, negate }) =>
    condition(column, operator, operator === "in" ? values : values.slice(0, 1), negate),
  );
const row = fc.record({
  owner: fc.option(value),
  size: fc.option(value),
  price: fc.option(value, { nil: undefined }),
});
const meetsAll = (
  conditions: readonly ColumnCondition[],
  tried: Record<string, string | null | undefined>,
) =>
  conditions.every((each) => {
    const tested = tried[each.column];
    return tested !== undefined && meets(each, tested) === true;
  });

test("no subscription that a row meets is missed, and none that was taken away is found", () => {
  const key = tableKey({ schema: "public", name: "notes" });
  fc.assert(
    fc.property(
      fc.array(fc.array(anyCondition, { maxLength: 2 })),
      fc.array(fc.nat(20)),
      row,
      (filters, removed, tried) => {
        const index = new SubscriptionIndex();
        const placements = filters.map((conditions, id) => place(id, "notes", conditions));
        for (const placement of placements) index.place(key, placement);
        for (const id of removed) {
          const placement = placements[id];
          if (placement) index.remove(placement.subscription);
        }
        const left = placements.filter((_, id) => !removed.includes(id));
        expect(index.size).toBe(left.length);
        const found = [...index.candidates(key, tried)];
        expect(new Set(found).size).toBe(found.length);
        const expected = left.filter(({ conditions }) => meetsAll(conditions, tried));
        expect(found.filter(({ conditions }) => meetsAll(conditions, tried))).toHaveLength(
          expected.length,
        );
        for (const each of found) expect(left).toContain(each);
      },
    ),
  );
});

test("of many that filter for rows of their own only the concerned one is looked at", () => {
  const key = tableKey({ schema: "public", name: "notes" });
  const index = new SubscriptionIndex();
  for (let id = 0; id < 1_000; id += 1) {
    index.place(key, place(id, "notes", [condition("owner", "eq", [`user ${id}`], false)]));
  }
  const found = [...index.candidates(key, { owner: "user 7" })];
  expect(found.map((each) => each.subscription.id)).toEqual([7]);
});

test("a table that nobody listens to costs a lookup, unless somebody listens to all", () => {
  const index = new SubscriptionIndex();
  const key = tableKey({ schema: "public", name: "notes" });
  expect(index.has(key)).toBe(false);
  const all = place(1, "*", []);
  index.place(tableKey({ schema: "public", name: "others" }), all);
  expect(index.has(key)).toBe(true);
  index.remove(all.subscription);
  expect(index.has(key)).toBe(false);
});

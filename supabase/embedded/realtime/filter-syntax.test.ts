import { postgresChangesFilter } from "@supabase/supabase-js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FilterError, parseFilter } from "./filter-syntax.ts";

test("conditions are read with their operator, negation and value", () => {
  expect(parseFilter("id=gt.0, name=not.like.%.com")).toEqual([
    { column: "id", operator: "gt", negate: false, values: ["0"] },
    { column: "name", operator: "like", negate: true, values: ["%.com"] },
  ]);
});

test("a blank filter is no filter", () => {
  expect(parseFilter("  ")).toEqual([]);
});

test("values of in may be quoted, escaped, blank or NULL", () => {
  expect(parseFilter(String.raw`name=in.("a,b", c ,NULL,"null","q\"(")`)[0]?.values).toEqual([
    "a,b",
    "c",
    null,
    "null",
    'q"(',
  ]);
  expect(parseFilter("name=in.()")[0]?.values).toEqual([]);
});

test.each([
  ["undefined", '["undefined"]'],
  ["name=foo.hey", '["foo","hey"]'],
  ["id=eq.1,", "empty segments"],
  ["id=in.1,2", "wrapped by parentheses"],
  [`id=in.(${Array.from({ length: 101 }, (_, index) => index)})`, "Maximum 100"],
])("%s is refused with the reason", (text, reason) => {
  expect(() => parseFilter(text)).toThrow(FilterError);
  expect(() => parseFilter(text)).toThrow(reason);
});

test("what the client's builder writes is read back exactly", () => {
  const operator = fc.constantFrom("eq", "neq", "lt", "lte", "gt", "gte", "like", "match");
  const condition = fc.record({ operator, value: fc.string({ unit: "grapheme" }) });
  fc.assert(
    fc.property(fc.array(condition, { minLength: 1 }), (conditions) => {
      const builder = postgresChangesFilter();
      for (const { operator, value } of conditions) builder.not("c", operator, value);
      const expected = conditions.map(({ operator, value }) => ({
        column: "c",
        operator,
        negate: true,
        values: [value],
      }));
      expect(parseFilter(builder.build())).toEqual(expected);
    }),
  );
});

test("a list that the client's builder writes is read back exactly", () => {
  // NULL and backslash-free blanks mean something else unquoted, so the builder's caller avoids them.
  const item = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((text) => !/^null$/i.test(text));
  fc.assert(
    fc.property(fc.uniqueArray(item, { minLength: 1, maxLength: 100 }), (items) => {
      const built = postgresChangesFilter().in("c", items).build();
      expect(parseFilter(built)[0]?.values).toEqual(items);
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { numberEntries, parseRequest, RequestError } from "./subscription-request.ts";

test("what is left out has Supabase's defaults", () => {
  expect(parseRequest({ table: "notes" })).toEqual({
    event: "*",
    schema: "public",
    table: "notes",
    conditions: [],
    select: undefined,
  });
  expect(parseRequest({ event: "insert", schema: "public" })).toMatchObject({
    event: "INSERT",
    table: "*",
  });
  expect(parseRequest({ event: "whatever", schema: "*" })).toMatchObject({
    event: "*",
    schema: "*",
  });
});

test("columns are selected once, and none means all", () => {
  expect(parseRequest({ schema: "s", table: "t", select: ["b", "a", 7, "b"] }).select).toEqual([
    "a",
    "b",
  ]);
  expect(parseRequest({ schema: "s", table: "t", select: [] }).select).toBeUndefined();
});

test.each([
  {},
  { event: "*" },
  { schema: "public", table: 7 },
  { table: "notes", filter: "id=eq.1" },
  { schema: "public", filter: "id=eq.1" },
  { schema: "public", table: "notes", filter: "id=eq" },
  { schema: "public", table: "notes", select: "id" },
  { schema: "public", select: ["id"] },
])("%j is refused", (entry) => {
  expect(() => parseRequest(entry)).toThrow(RequestError);
});

test("numbers are stable, below 2^27, never 0, and differ where the entries do", () => {
  const entry = fc.record({ event: fc.string(), schema: fc.string(), filter: fc.string() });
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const ids = numberEntries(entries);
      expect(numberEntries(entries)).toEqual(ids);
      expect(ids.every((id) => Number.isInteger(id) && id > 0 && id < 2 ** 27)).toBe(true);
      const texts = entries.map((each) => JSON.stringify(each));
      expect(new Set(ids).size).toBe(new Set(texts).size);
    }),
  );
});

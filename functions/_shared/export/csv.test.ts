import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardFormula, toCsv } from "./csv.ts";

describe("the formula guard", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+SUM(A1)", "'+SUM(A1)"],
    ["-cmd", "'-cmd"],
    ["@x", "'@x"],
    ["\tx", "'\tx"],
    ["\rx", "'\rx"],
    ["  =1", "'  =1"],
    ["\u00a0=1", "'\u00a0=1"],
    ["+31 20 123 45 67", "'+31 20 123 45 67"],
    ["safe\n=HYPERLINK(1)", "safe\n'=HYPERLINK(1)"],
    ["safe\r\n +1", "safe\r\n' +1"],
    ["safe\r-1", "safe\r'-1"],
    ["Engineer;=HYPERLINK(A1)", "Engineer;'=HYPERLINK(A1)"],
    ["Engineer; +1", "Engineer;' +1"],
    ["Engineer\t=1", "Engineer\t'=1"],
    ["\t\t=1", "'\t\t'=1"],
  ])("defuses %j", (cell, safe) => expect(guardFormula(cell)).toBe(safe));

  it("leaves numbers alone", () => expect(toCsv([[-12.5]])).toBe("-12.5\r\n"));

  it.each(["a=b", "mail@example.org", "", "Jo-Ann"])("leaves %j alone", (cell) =>
    expect(guardFormula(cell)).toBe(cell),
  );

  it("leaves no line that begins like a formula, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            "=",
            "+",
            "-",
            "@",
            "\t",
            "\r",
            "\n",
            ";",
            " ",
            "\u00a0",
            "a",
            "1",
            ",",
            '"',
          ),
        }),
        (text) => {
          expect(guardFormula(text)).not.toMatch(/^[\t\r]|(^|[\r\n;\t])[^\S\r\n]*[=+\-@]/);
        },
      ),
    );
  });
});

it("reads back as it was written", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), {
        minLength: 1,
        maxLength: 5,
      }),
      (rows) => {
        const width = Math.max(...rows.map((row) => row.length));
        const even = rows.map((row) => [...row, ...Array<string>(width - row.length).fill("")]);
        expect(parse(toCsv(even, { raw: true }), { record_delimiter: "\r\n" })).toEqual(even);
      },
    ),
  );
});

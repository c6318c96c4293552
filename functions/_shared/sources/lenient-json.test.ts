import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLenientJson } from "./lenient-json.ts";

describe("parseLenientJson", () => {
  it.each([
    ["raw line breaks in strings", '{"a": "one\ntwo\tthree"}', { a: "one\ntwo\tthree" }],
    [
      "JavaScript comments",
      '{"a": 1, // why\n /* and */ "b": "no // comment"}',
      { a: 1, b: "no // comment" },
    ],
    ["trailing commas and semicolons", '{"a": [1, 2,], "b": "x,]",};', { a: [1, 2], b: "x,]" }],
    ["commas before comments", '{"a": "b", // c\n //"d": 1\n}', { a: "b" }],
    ["CDATA and comment wrappers", '//<![CDATA[\n{"a": 1}\n//]]>', { a: 1 }],
    ["HTML comments", '<!-- {"a": 1} -->', { a: 1 }],
    ["quotes as entities", "{&quot;a&quot;: &quot;b&quot;}", { a: "b" }],
    [
      "escapes that JSON does not know",
      String.raw`{"a": "it\'s C:\dir"}`,
      { a: String.raw`it's C:\dir` },
    ],
    ["quotes inside strings", '{"a": "a "quoted" word", "b": 1}', { a: 'a "quoted" word', b: 1 }],
  ])("puts right %s", (_, source, value) => expect(parseLenientJson(source)).toEqual(value));

  it("gives up on what is no JSON at all", () => {
    expect(parseLenientJson("not even json {{{")).toBeUndefined();
    expect(parseLenientJson("")).toBeUndefined();
  });

  it("is not held up by a lot of white space, quotes or slashes", () => {
    for (const filler of [" ", "\n", "//  ", "--> ", '" ', "; ", ", ", "<!-- "]) {
      const noise = filler.repeat(200_000 / filler.length);
      expect(parseLenientJson(`{"a": ${noise}x`)).toBeUndefined();
      expect(parseLenientJson(`${noise}{"a": 1,}${noise}x`)).toBeUndefined();
    }
  });

  it("reads valid JSON as it is, and never throws on anything else", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, noise) => {
        expect(parseLenientJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
        parseLenientJson(`${JSON.stringify(value)}${noise}`);
      }),
    );
  });
});

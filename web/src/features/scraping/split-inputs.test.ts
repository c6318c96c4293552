import { expect, test } from "vitest";
import { splitInputs } from "./split-inputs.ts";

test("takes one source a line, and leaves out empty lines and doubles", () => {
  expect(splitInputs("a.example\n\n  b.example \r\na.example")).toEqual(["a.example", "b.example"]);
});

test("takes several addresses on a line apart", () => {
  expect(splitInputs("https://a.example/jobs, https://b.example/jobs https://c.example")).toEqual([
    "https://a.example/jobs",
    "https://b.example/jobs",
    "https://c.example",
  ]);
});

test("keeps a line that is no address whole", () => {
  expect(splitInputs("greenhouse: acme")).toEqual(["greenhouse: acme"]);
});

test("stops at what one start takes", () => {
  const many = Array.from({ length: 300 }, (_, at) => `s${at}.example`).join("\n");
  expect(splitInputs(many)).toHaveLength(200);
});

import { expect, test } from "vitest";
import { parseSuppression } from "./parse-suppression.ts";

test("tells addresses from domains, once each, in lower case", () => {
  expect(parseSuppression("Ada@Example.com\n@example.org, ada@example.com example.net;")).toEqual({
    emails: ["ada@example.com"],
    domains: ["example.org", "example.net"],
    wrong: null,
  });
});

test("takes the address of a website for its domain", () => {
  expect(parseSuppression("https://www.example.com/about").domains).toEqual(["example.com"]);
});

test("names the first piece that is neither", () => {
  expect(parseSuppression("ada@example.com nonsense @ other").wrong).toBe("nonsense");
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalUrl } from "./canonical-url.ts";

describe("canonicalUrl", () => {
  it.each([
    ["https://Acme.com:443/jobs/1/?utm_source=x&gclid=y#apply", "https://acme.com/jobs/1"],
    ["https://acme.com/job?id=7&amp;gh_src=abc", "https://acme.com/job?id=7"],
    ["https://acme.com/search?gh_jid=42", "https://acme.com/search?gh_jid=42"],
    ["https://acme.com/#/jobs/1", "https://acme.com/#/jobs/1"],
    ["https://user:secret@acme.com/jobs", "https://acme.com/jobs"],
    ["/jobs/2", "https://base.example/jobs/2"],
    ["javascript:alert(1)", null],
    ["mailto:jobs@acme.com", null],
    ["", null],
    [null, null],
  ])("of %s is %s", (value, canonical) =>
    expect(canonicalUrl(value, "https://base.example/x")).toBe(canonical),
  );

  it("is at rest: the canonical form of a canonical form is itself", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const once = canonicalUrl(url);
        if (once !== null) expect(canonicalUrl(once)).toBe(once);
      }),
    );
  });
});

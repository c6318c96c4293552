import fc from "fast-check";
import { expect, it, describe as suite } from "vitest";
import { describe, htmlToText } from "./description.ts";

suite("describe", () => {
  it("keeps what makes a text readable and drops what runs or tracks", () => {
    const { html } = describe(
      '<h2 onclick="x()">We</h2><script>alert(1)</script><p style="color:red">are <b>hiring</b><img src=x onerror=alert(1)></p><a href="javascript:alert(1)">x</a><a href="https://acme.com">y</a>',
    );
    expect(html).toBe(
      '<h2>We</h2><p>are <b>hiring</b></p><a rel="nofollow noopener noreferrer">x</a><a href="https://acme.com" rel="nofollow noopener noreferrer">y</a>',
    );
  });

  it.each([
    "&lt;p&gt;Build &amp;amp; ship&lt;/p&gt;",
    "&amp;lt;p&amp;gt;Build &amp;amp;amp; ship&amp;lt;/p&amp;gt;",
  ])("unwraps HTML that was escaped: %s", (source) => {
    expect(describe(source)).toEqual({ html: "<p>Build &amp; ship</p>", text: "Build & ship" });
  });

  it("keeps the paragraphs of plain text", () => {
    expect(describe("One < two\nthree\n\nfour").html).toBe(
      "<p>One &lt; two<br />three</p><p>four</p>",
    );
  });

  it("writes lists and tables as lines", () => {
    expect(
      htmlToText(
        "<p>You</p><ul><li>code</li><li>test</li></ul><table><tr><th>Location</th><td>Lagos</td></tr></table>",
      ),
    ).toBe("You\n\n- code\n- test\n\nLocation: Lagos");
  });

  it("never lets a script, a handler or an unsafe address through", () => {
    const piece = fc.constantFrom(
      "<script>",
      "</script>",
      "<img src=x onerror=a>",
      "<a href='javascript:a'>",
      "<svg/onload=a>",
      "&lt;script&gt;",
      "<p>",
      "text",
      "<!--",
      "-->",
      '"',
      "<style>",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { html } = describe(pieces.join(""));
        expect(html).not.toMatch(/<script|<img|<svg|<style|<[^>]*\son\w+=|javascript:/i);
      }),
    );
  });

  it("survives nesting that no page has", () => {
    expect(describe(`${"<div>".repeat(20_000)}deep`).text).toBe("");
  });
});

import { isTag, type ParentNode } from "domhandler";
import { describe, expect, it } from "vitest";
import { maxDepth, parseMarkup } from "./parse-markup.ts";

function depthOf(root: ParentNode): number {
  let depth = 0;
  let node: ParentNode | undefined = root;
  while (node !== undefined) {
    depth += 1;
    node = node.children.find(isTag);
  }
  return depth - 1;
}

describe("markup nested without end", () => {
  it.each([
    ["HTML", {}],
    ["XML", { xmlMode: true }],
  ])("is read to a bounded depth, as %s", (_, options) => {
    expect(depthOf(parseMarkup(`<p>One</p>${"<b>".repeat(100_000)}`, options))).toBe(1);
    const root = parseMarkup("<b>".repeat(100_000), options);
    expect(depthOf(root)).toBe(maxDepth);
  });

  it("loses nothing of what is as deep as that, and no deeper", () => {
    const root = parseMarkup(`${"<b>".repeat(maxDepth)}x${"</b>".repeat(maxDepth)}<i>y</i>`, {});
    expect(depthOf(root)).toBe(maxDepth);
    expect(root.children.filter(isTag).map(({ name }) => name)).toEqual(["b", "i"]);
  });
});

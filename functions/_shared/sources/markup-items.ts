import { type ChildNode, type Element, isTag, isText, type ParentNode } from "domhandler";
import type { Fields } from "./json.ts";

/** Deeper than any honest markup; hostile nesting is cut off here, before the stack is. */
const maxDepth = 200;

type Item = Record<string, unknown[]>;

/** The two syntaxes differ only in their attributes' names. */
type Attributes = { scope: (element: Element) => string | null; property: string };
type Syntax = Attributes & { source: string };
const microdata: Attributes = {
  scope: (element) => ("itemscope" in element.attribs ? (element.attribs.itemtype ?? "") : null),
  property: "itemprop",
};
const rdfa: Attributes = {
  scope: (element) => element.attribs.typeof ?? null,
  property: "property",
};

/** True for an element that opens a JobPosting item in microdata or RDFa. */
export function opensJobPosting(element: Element): boolean {
  const type = element.attribs.itemtype ?? element.attribs.typeof;
  return type !== undefined && /(?:^|[\s/#:])JobPosting(?:\s|$)/i.test(type);
}

/**
 * The item an element opens, as a node in JSON-LD's shape; `source` is the page's HTML. Themes wrap
 * a whole article and mark nothing inside: such a JobPosting takes its heading and its content.
 */
export function readItem(element: Element, source: string): Fields {
  const attributes = element.attribs.itemtype !== undefined ? microdata : rdfa;
  const syntax = { ...attributes, source };
  const item: Item = { "@type": (syntax.scope(element) ?? "").split(/\s+/) };
  collect(element, syntax, item, 0);
  if (item.title === undefined && item.name === undefined) {
    const heading = findHeading(element);
    if (heading !== null) item.title = [heading];
    const content = innerHtml(element, source);
    // A wrapper around several postings is the text of none of them.
    if (!content.includes("JobPosting")) item.description ??= [content];
  }
  return item;
}

function collect(parent: Element, syntax: Syntax, item: Item, depth: number): void {
  if (depth > maxDepth) return;
  for (const child of parent.children) {
    if (!isTag(child)) continue;
    const names = (child.attribs[syntax.property] ?? "").split(/\s+/).filter((name) => name !== "");
    const type = syntax.scope(child);
    if (type !== null) {
      if (names.length === 0) continue;
      const nested: Item = { "@type": type.split(/\s+/) };
      collect(child, syntax, nested, depth + 1);
      // An item without properties is meant as its text ("<span itemprop=… itemscope>ACME</span>").
      const value =
        Object.keys(nested).length > 1 ? nested : propertyValue(child, "", syntax.source);
      for (const name of names) push(item, name, value);
    } else {
      for (const name of names) push(item, name, propertyValue(child, name, syntax.source));
      collect(child, syntax, item, depth + 1);
    }
  }
}

function push(item: Item, name: string, value: unknown): void {
  const key = name.replace(/^.*[/#:]/, "");
  item[key] = [...(item[key] ?? []), value];
}

function propertyValue(element: Element, name: string, source: string): string {
  const { attribs } = element;
  const stated =
    attribs.content ??
    (element.name === "time" ? attribs.datetime : undefined) ??
    (element.name === "data" || element.name === "meter" ? attribs.value : undefined) ??
    (/^(a|area|link)$/.test(element.name) && /url|sameas/i.test(name) ? attribs.href : undefined) ??
    (element.name === "link" ? attribs.href : undefined) ??
    (element.name === "img" ? attribs.src : undefined);
  if (stated !== undefined) return stated;
  return /description$/i.test(name) ? innerHtml(element, source) : textOf(element);
}

/** Sliced out of the source: serialising the tree again would cost more and recurse. */
function innerHtml(element: Element, source: string): string {
  const from = element.firstChild?.startIndex;
  const to = element.lastChild?.endIndex;
  return from == null || to == null ? "" : source.slice(from, to + 1);
}

/** The h1 inside an article, or just before it: themes put the title above the wrapper. */
function findHeading(root: Element): string | null {
  let inside: Element | null = null;
  walk(root, (node) => {
    if (inside === null && isTag(node) && node.name === "h1") inside = node;
  });
  if (inside !== null) return textOf(inside);
  let page: ParentNode = root;
  while (page.parent !== null) page = page.parent;
  const before: Element[] = [];
  let reached = false;
  walk(page, (node) => {
    reached ||= node === root;
    if (!reached && isTag(node) && node.name === "h1") before.push(node);
  });
  const last = before.at(-1);
  return last === undefined ? null : textOf(last);
}

/** Visits every node below `root` in document order, without recursion. */
export function walk(root: ParentNode, visit: (node: ChildNode) => void): void {
  let node = root.firstChild;
  while (node !== null) {
    visit(node);
    const down: ChildNode | null = "firstChild" in node ? node.firstChild : null;
    if (down !== null) {
      node = down;
      continue;
    }
    let up: ChildNode | ParentNode | null = node;
    while (up !== null && up !== root && up.nextSibling === null) up = up.parent;
    node = up === null || up === root ? null : up.nextSibling;
  }
}

/** All text below an element, white space collapsed. */
export function textOf(element: Element): string {
  const parts: string[] = [];
  walk(element, (node) => {
    if (isText(node)) parts.push(node.data);
  });
  return parts.join(" ").replace(/\s+/g, " ").trim();
}

import { type Element, isTag, isText, type ParentNode } from "domhandler";
import { parseMarkup } from "../markup/parse-markup.ts";

/** A body that is not XML, or is XML that must not be read; `message` says which, for the user. */
export class UnreadableXml extends Error {
  override readonly name = "UnreadableXml";
}

/**
 * Parses XML as feeds write it, which is often not well-formed: stray ampersands and unclosed
 * elements are tolerated. Entities that the document declares are never expanded, and a document
 * that declares any is refused, so there is no "billion laughs".
 */
export function parseXml(source: string): ParentNode {
  const text = source.replace(/^[\uFEFF\s]+/, "");
  if (!text.startsWith("<")) throw new UnreadableXml("it is not XML");
  if (/<!ENTITY/i.test(text.slice(0, 100_000))) {
    throw new UnreadableXml("it declares XML entities, which are not read for security");
  }
  if (/^<(!doctype html|html)\b/i.test(text.replace(/^<\?[^>]*>\s*/, ""))) {
    throw new UnreadableXml("it is a web page, not XML");
  }
  return parseMarkup(text, { xmlMode: true, withStartIndices: true, withEndIndices: true });
}

export function childElements(parent: ParentNode, name?: string): Element[] {
  return parent.children.filter(isTag).filter((child) => name === undefined || child.name === name);
}

/** Text and CDATA directly in an element, in one string; markup in between is not looked into. */
export function ownText(element: Element): string {
  let text = "";
  for (const child of element.children) {
    if (isText(child)) text += child.data;
    else if ("children" in child && !isTag(child)) {
      for (const part of child.children) if (isText(part)) text += part.data;
    }
  }
  return text.trim();
}

/** Text of the first child with one of these names. */
export function childText(parent: ParentNode, ...names: string[]): string | null {
  for (const name of names) {
    for (const child of childElements(parent, name)) {
      const text = ownText(child);
      if (text !== "") return text;
    }
  }
  return null;
}

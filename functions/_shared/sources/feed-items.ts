import { type Element, isTag, type ParentNode } from "domhandler";
import { type Fields, fields, parseJson } from "./json.ts";
import { looseName } from "./loose-record.ts";
import { walk } from "./markup-items.ts";
import { childElements, childText, ownText, parseXml, UnreadableXml } from "./xml.ts";

/** A feed of any format, taken apart: its own facts, and each item as a record of its elements. */
export type FeedDocument = {
  title: string | null;
  description: string | null;
  siteUrl: string | null;
  nextUrl: string | null;
  items: Fields[];
};

/** Elements that stand for one posting, in RSS, Atom and the XML exports of job sites. */
const itemNames =
  /^(item|entry|job|jobs?posting|job_posting|vacancy|vacature|offer|offre|position|posting|stelle|stellenanzeige|ad|advert|opening)$/i;

/** Elements that may stand around no posting at all: the roots of feeds, and names such as `<jobs>` and `<vacancies>`. */
const feedNames =
  /^(rss|feed|rdf:rdf|channel|source|publisher)$|jobs?|vacan|vacature|offer|offre|position|posting|stelle|opening|listing|adverts/i;

/** Throws `UnreadableXml` for what is neither XML nor JSON. */
export function readFeedDocument(source: string): FeedDocument {
  return /^\s*[[{]/.test(source) ? readJsonFeed(source) : readXmlFeed(source);
}

function readXmlFeed(source: string): FeedDocument {
  const root = parseXml(source);
  const items: Element[] = [];
  walk(root, (node) => {
    if (isTag(node) && itemNames.test(node.name) && isItem(node)) items.push(node);
  });
  const documentElement = childElements(root)[0] ?? root;
  if ("name" in documentElement && /^(urlset|sitemapindex)$/.test(documentElement.name)) {
    throw new UnreadableXml("it is a sitemap; give the address of the careers page instead");
  }
  // A notice of an error or a stub is no feed without entries: what it named before is not gone.
  if (items.length === 0 && !("name" in documentElement && feedNames.test(documentElement.name))) {
    throw new UnreadableXml("it is no feed of a form OTIS knows");
  }
  const channel = childElements(documentElement, "channel")[0] ?? documentElement;
  const body = source.replace(/^[\uFEFF\s]+/, "");
  return {
    title: childText(channel, "title", "publisher"),
    description: childText(channel, "description", "subtitle"),
    siteUrl: linkOf(channel, "alternate") ?? childText(channel, "link", "publisherurl"),
    nextUrl: linkOf(channel, "next"),
    items: items.map((item) => recordOf(item, body)),
  };
}

/** An item has fields of its own, and does not stand inside another one (a job's `<position>`). */
function isItem(element: Element): boolean {
  if (childElements(element).length < 2) return false;
  for (let up = element.parent; up !== null && isTag(up); up = up.parent) {
    if (
      itemNames.test(up.name) &&
      childElements(up).some((child) => /^(title|name|link|url)$/i.test(child.name))
    ) {
      return false;
    }
  }
  return true;
}

/** The elements of an item by name; several of one name become a list, attributes of the item count. */
function recordOf(item: Element, source: string): Fields {
  const record: Record<string, unknown> = { ...item.attribs };
  for (const child of childElements(item)) {
    const name =
      child.name === "content:encoded" ? "contentEncoded" : child.name.replace(/^.*:/, "");
    const value = valueOfField(child, source);
    if (value === "") continue;
    const earlier = record[name];
    if (/^(category|categories|location|city)$/i.test(name) && earlier !== undefined) {
      record[name] = [...(Array.isArray(earlier) ? earlier : [earlier]), value];
    } else if (earlier === undefined || child.name === name) record[name] = value;
  }
  const link = linkOf(item, "alternate");
  if (link !== null) record.link = link;
  return record;
}

/** Text, or markup as it stands in the source: some feeds write HTML without escaping it. */
function valueOfField(element: Element, source: string): string {
  const children = childElements(element);
  if (children.length === 0)
    return ownText(element) || (element.attribs.url ?? element.attribs.term ?? "");
  const name = childText(element, "name");
  if (name !== null && children.every((child) => /^(name|uri|url|email|id)$/i.test(child.name)))
    return name;
  if (!/description|content|summary|body|text/i.test(looseName(element.name))) {
    return children
      .map(ownText)
      .filter((part) => part !== "")
      .join(", ");
  }
  const from = element.firstChild?.startIndex;
  const to = element.lastChild?.endIndex;
  return from == null || to == null ? "" : source.slice(from, to + 1).trim();
}

/** Atom's `<link rel href>`, also as RSS borrows it. */
function linkOf(parent: ParentNode, rel: string): string | null {
  const link = parent.children
    .filter(isTag)
    .find(
      (child) =>
        /^(atom:)?link$/.test(child.name) &&
        child.attribs.href !== undefined &&
        (child.attribs.rel ?? "alternate") === rel,
    );
  return link?.attribs.href ?? null;
}

/** JSON Feed, and the plain "{jobs: […]}" of job sites. */
function readJsonFeed(source: string): FeedDocument {
  const value = parseJson(source);
  const top = fields(value);
  const entries = Array.isArray(value)
    ? value
    : Object.entries(top ?? {}).find(
        ([name, list]) =>
          Array.isArray(list) &&
          /^(items|jobs|data|results|postings|vacancies|offers|positions|entries|hits|content)$/i.test(
            name,
          ),
      )?.[1];
  const string = (name: string) => (typeof top?.[name] === "string" ? String(top[name]) : null);
  return {
    title: string("title"),
    description: string("description"),
    siteUrl: string("home_page_url"),
    nextUrl: string("next_url"),
    items: (Array.isArray(entries) ? entries : []).map(fields).filter((item) => item !== null),
  };
}

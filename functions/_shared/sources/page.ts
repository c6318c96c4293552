import { type Element, isTag, isText } from "domhandler";
import { parseMarkup } from "../markup/parse-markup.ts";
import { buildPosting } from "../postings/build-posting.ts";
import { canonicalUrl } from "../postings/canonical-url.ts";
import { titleKey } from "../postings/dedupe-key.ts";
import { cleanLine } from "../postings/plain-text.ts";
import type { Posting } from "../postings/posting.ts";
import { bodyText } from "./body-text.ts";
import { draftFromNode } from "./job-posting-node.ts";
import type { Fields } from "./json.ts";
import { parseLenientJson } from "./lenient-json.ts";
import { findJobPostings } from "./linked-data.ts";
import { opensJobPosting, readItem, textOf, walk } from "./markup-items.ts";

export type PageLink = { url: string; text: string; rel: string };

export type Page = {
  url: string;
  title: string | null;
  siteName: string | null;
  postings: Posting[];
  /** Resolved when first asked for: a posting's own page is not searched for links. */
  readonly links: PageLink[];
  /** Addresses of frames and scripts: where job boards are embedded. */
  embeds: string[];
  /** RSS or Atom feeds the page announces. */
  feeds: string[];
  nextUrl: string | null;
  /** Has a password field: likely a login page, if there is nothing else on it. */
  asksForLogin: boolean;
  /** JSON-LD blocks that could not be read. */
  brokenBlocks: number;
};

/** More marked-up postings than these are on no honest page. */
const maxItems = 500;
/** Links beyond these are not worth their memory. */
const maxLinks = 5000;

/**
 * Reads an HTML page in one parse and one walk: its postings (JSON-LD, microdata, RDFa) and
 * what a crawl needs to go on. Pure; `url` is the final address of the page.
 */
export function readPage(
  body: Uint8Array,
  from: { url: string; contentType: string | null },
  now?: number,
): Page {
  const source = bodyText(body, from.contentType);
  const root = parseMarkup(source, { withStartIndices: true, withEndIndices: true });
  const linkedData: unknown[] = [];
  const items: Fields[] = [];
  const anchors: Element[] = [];
  let links: PageLink[] | null = null;
  const page: Page = {
    url: from.url,
    title: null,
    siteName: null,
    postings: [],
    get links() {
      links ??= anchors.map((anchor) => linkOf(anchor, base)).filter((link) => link !== null);
      return links;
    },
    embeds: [],
    feeds: [],
    nextUrl: null,
    asksForLogin: false,
    brokenBlocks: 0,
  };
  let base = from.url;
  let canonical: string | null = null;

  walk(root, (node) => {
    if (!isTag(node)) return;
    const { attribs, name } = node;
    if (opensJobPosting(node) && items.length < maxItems) items.push(readItem(node, source));
    switch (name) {
      case "base":
        base = URL.parse(attribs.href ?? "", from.url)?.href ?? base;
        break;
      case "title":
        page.title ??= cleanLine(textOf(node), 200);
        break;
      case "meta":
        if (attribs.property === "og:site_name") page.siteName = cleanLine(attribs.content, 100);
        break;
      case "link":
        if (hasRel(attribs.rel, "canonical")) canonical = canonicalUrl(attribs.href, base);
        if (hasRel(attribs.rel, "next")) page.nextUrl = canonicalUrl(attribs.href, base);
        if (hasRel(attribs.rel, "alternate") && /rss|atom/.test(attribs.type ?? "")) {
          const feed = canonicalUrl(attribs.href, base);
          if (feed !== null) page.feeds.push(feed);
        }
        break;
      case "a":
        if (hasRel(attribs.rel, "next")) page.nextUrl ??= canonicalUrl(attribs.href, base);
        if (anchors.length < maxLinks) anchors.push(node);
        break;
      case "input":
        if (attribs.type?.toLowerCase() === "password") page.asksForLogin = true;
        break;
      case "iframe":
      case "script": {
        const address = URL.parse(attribs.src ?? attribs["data-src"] ?? "", base)?.href;
        if ((attribs.src ?? attribs["data-src"]) !== undefined && address)
          page.embeds.push(address);
        if (name === "script" && /ld\+json/i.test(attribs.type ?? "")) {
          const block = node.children.map((child) => (isText(child) ? child.data : "")).join("");
          const value = parseLenientJson(block);
          if (value === undefined && block.trim() !== "") page.brokenBlocks++;
          else linkedData.push(value);
        }
        break;
      }
    }
  });

  const nodes = findJobPostings(linkedData);
  const seen = nodes.length + items.length;
  // A page about one posting is that posting's address; on a list each names its own.
  const pageUrl = canonical !== null && sameHost(canonical, from.url) ? canonical : from.url;
  const context = { base, ...(now === undefined ? {} : { now }) };
  const build = (node: Fields) => buildPosting(draftFromNode(node, pageUrl), context);
  page.postings = nodes.map(build).filter((posting) => posting !== null);
  // Pages often say the same twice, in JSON-LD and in markup: JSON-LD, being complete, wins.
  const titles = new Set(page.postings.map((posting) => titleKey(posting.title)));
  const single = seen === 1 ? page.title : null;
  for (const item of items) {
    const posting = build(item) ?? (single === null ? null : build({ ...item, title: single }));
    if (posting !== null && !titles.has(titleKey(posting.title))) page.postings.push(posting);
  }
  return page;
}

function linkOf(anchor: Element, base: string): PageLink | null {
  const { href, rel } = anchor.attribs;
  const url = canonicalUrl(href, base);
  return url === null ? null : { url, text: textOf(anchor).slice(0, 120), rel: rel ?? "" };
}

function hasRel(rel: string | undefined, word: string): boolean {
  return rel?.toLowerCase().split(/\s+/).includes(word) ?? false;
}

function sameHost(one: string, other: string): boolean {
  return URL.parse(one)?.host === URL.parse(other)?.host;
}

import { type ChildNode, type Document, type Element, isTag, isText } from "domhandler";
import { getAttributeValue, textContent } from "domutils";
import { parseMarkup } from "../../markup/parse-markup.ts";
import { decodeCloudflareEmail, hiddenMailto } from "./obfuscation.ts";

/** Where on a page something stands; contact details mostly stand in header and footer. */
export type Region = "header" | "footer" | "body";

/** One visible line of text: what lies between two block boundaries or line breaks. */
export interface Line {
  text: string;
  region: Region;
  /** Set where the line stands in a heading element or is wholly bold. */
  heading: boolean;
  /** Whether the line lies in `<address>` or an element marked up as a contact card. */
  card: boolean;
}

export interface Link {
  href: string;
  text: string;
  region: Region;
  /** Classes, ids and labels of the link and its near ancestors, lower case. */
  hints: string;
  /** Index of the line in which the link stands. */
  line: number;
}

export interface Page {
  document: Document;
  /** The address the page was read from, if known. */
  url: URL | null;
  /** Base for relative links: `<base href>`, else the page's own address. */
  base: URL | null;
  title: string;
  language: string | null;
  /** Contents of `<meta name|property>` by lower-case name, first one wins. */
  meta: Map<string, string>;
  canonical: string | null;
  lines: Line[];
  links: Link[];
  /** Contents of JSON-LD blocks. */
  jsonLd: string[];
  /** Inline scripts, for addresses that only scripts write. */
  scripts: string[];
  /** Sources of external scripts, styles and frames. */
  resources: string[];
}

const INVISIBLE = new Set(["script", "style", "template", "svg", "select", "textarea", "object"]);
const INLINE = new Set(
  "a abbr acronym b bdi bdo big cite code data dfn em font i img ins kbd label mark q s small span strong sub sup time tt u var wbr".split(
    " ",
  ),
);
const BOLD = new Set(["b", "strong"]);
const BLOCK_STYLE = /display\s*:\s*(?:block|flex|grid|table|list-item)/i;
const HIDDEN_STYLE = /display\s*:\s*none/i;

/**
 * Reads a page into lines, links and metadata. Never throws: any text is a page.
 * Comments, scripts, hidden elements and form fields are not text.
 */
export function readPage(html: string, address?: string | null): Page {
  const document = prune(parseMarkup(html.replace(/^\uFEFF/, ""), {}));
  const url = parseUrl(address ?? null, null);
  const page: Page = {
    document,
    url,
    base: url,
    title: "",
    language: null,
    meta: new Map(),
    canonical: null,
    lines: [],
    links: [],
    jsonLd: [],
    scripts: [],
    resources: [],
  };
  new Reader(page).read(document.children, {
    region: "body",
    heading: false,
    card: false,
    hints: [],
  });
  return page;
}

/** Deeper than any page needs; what lies below is dropped, so that walking the tree cannot exhaust the stack. */
const MAX_DEPTH = 400;

function prune(document: Document): Document {
  let level: ChildNode[] = document.children;
  for (let depth = 0; level.length > 0; depth++) {
    const parents = level.filter((node) => "children" in node);
    if (depth === MAX_DEPTH) for (const parent of parents) parent.children = [];
    level = parents.flatMap((parent) => parent.children);
  }
  return document;
}

/** Parses an absolute or relative address; null if it is none. */
export function parseUrl(value: string | null, base: URL | null): URL | null {
  if (value === null) return null;
  const text = value.trim();
  return URL.canParse(text, base?.href) ? new URL(text, base?.href) : null;
}

/** A line that is longer is broken: looking at its end, which each piece of text asks for, copies all of it. */
const MAX_LINE = 10_000;

interface Place {
  region: Region;
  heading: boolean;
  card: boolean;
  /** Hints of the ancestors, nearest last. */
  hints: string[];
}

class Reader {
  readonly #page: Page;
  #text = "";
  #bold = "";
  #place: Place = { region: "body", heading: false, card: false, hints: [] };
  /** True between two inline elements, where white space may come from CSS only. */
  #seam = false;

  constructor(page: Page) {
    this.#page = page;
  }

  read(nodes: ChildNode[], place: Place): void {
    for (const node of nodes) {
      if (isText(node)) this.#append(node.data, place);
      else if (isTag(node)) this.#readElement(node, place);
      else if ("children" in node) this.read(node.children, place);
    }
    if (nodes === this.#page.document.children) this.#breakLine();
  }

  #readElement(element: Element, outer: Place): void {
    const name = element.name;
    this.#collect(element, outer);
    if (INVISIBLE.has(name) || name === "title" || name === "head") {
      if (name === "head" || name === "svg") this.#collectInside(element, outer);
      return;
    }
    if (isHidden(element)) return;
    const place = this.#enter(element, outer);
    this.#separate(element);
    this.#readContent(element, place);
    this.#separate(element);
  }

  #separate({ name, attribs }: Element): void {
    if (name === "td" || name === "th") this.#text += this.#text.trim() === "" ? "" : " | ";
    else if (INLINE.has(name) && !BLOCK_STYLE.test(attribs.style ?? "")) this.#seam = true;
    else this.#breakLine();
  }

  #readContent(element: Element, place: Place): void {
    const protectedAddress = element.attribs["data-cfemail"];
    if (protectedAddress !== undefined) {
      this.#append(decodeCloudflareEmail(protectedAddress) ?? "", place);
      return;
    }
    if (element.name !== "a") {
      const before = this.#text.length;
      this.read(element.children, place);
      if (BOLD.has(element.name)) this.#bold += this.#text.slice(before);
      return;
    }
    const link: Link = {
      href: hiddenMailto(element.attribs) ?? element.attribs.href ?? "",
      text: "",
      region: place.region,
      hints: place.hints.slice(-4).join(" "),
      line: this.#page.lines.length,
    };
    this.read(element.children, place);
    link.text = collapse(textContent(element)) || hintsOf(element);
    if (link.href !== "") this.#page.links.push(link);
  }

  /** Metadata and resources count wherever they stand, visible or not. */
  #collect(element: Element, place: Place): void {
    const page = this.#page;
    const attribute = (name: string): string | undefined => getAttributeValue(element, name);
    switch (element.name) {
      case "html":
        page.language = attribute("lang")?.trim() || attribute("xml:lang")?.trim() || null;
        break;
      case "title":
        if (page.title === "" && place.region === "body")
          page.title = collapse(textContent(element));
        break;
      case "meta": {
        const key = (attribute("property") ?? attribute("name") ?? "").toLowerCase();
        const content = attribute("content")?.trim();
        if (key !== "" && content && !page.meta.has(key)) page.meta.set(key, content);
        break;
      }
      case "link":
        if (attribute("rel")?.toLowerCase() === "canonical")
          page.canonical ??= attribute("href") ?? null;
        if (attribute("href")) page.resources.push(attribute("href") ?? "");
        break;
      case "base":
        page.base = parseUrl(attribute("href") ?? null, page.base) ?? page.base;
        break;
      case "iframe":
      case "img":
        if (attribute("src")) page.resources.push(attribute("src") ?? "");
        break;
      case "script":
        if (attribute("src")) page.resources.push(attribute("src") ?? "");
        else if (/ld\+json/i.test(attribute("type") ?? "")) page.jsonLd.push(textContent(element));
        else page.scripts.push(textContent(element));
        break;
    }
  }

  #collectInside(element: Element, place: Place): void {
    const inSvg = element.name === "svg";
    for (const child of element.children) {
      if (!isTag(child)) continue;
      // A <title> in an <svg> names an icon, not the page.
      if (!(inSvg && child.name === "title")) this.#collect(child, place);
      this.#collectInside(child, place);
    }
  }

  #enter(element: Element, outer: Place): Place {
    const hint = hintsOf(element);
    return {
      region: regionOf(element, hint) ?? outer.region,
      heading: outer.heading || /^h[1-6]$/.test(element.name),
      card: outer.card || element.name === "address" || /\bvcard\b|\bh-card\b/.test(hint),
      hints: hint === "" ? outer.hints : [...outer.hints, hint],
    };
  }

  #append(data: string, place: Place): void {
    const text = data
      .replace(/[\s\u00A0\u2007\u202F]+/g, " ")
      .replace(/[\u00AD\u200B-\u200D\uFEFF]/g, "");
    if (text === "") return;
    if (this.#seam && needsSpace(this.#text, text)) this.#text += " ";
    this.#seam = false;
    if (this.#text.trim() === "") this.#place = place;
    this.#text += text;
    if (this.#text.length > MAX_LINE) this.#breakLine();
  }

  #breakLine(): void {
    const text = collapse(this.#text);
    if (text !== "") {
      const bold = collapse(this.#bold) === text;
      const { region, heading, card } = this.#place;
      this.#page.lines.push({ text, region, heading: heading || bold, card });
    }
    this.#text = "";
    this.#bold = "";
    this.#seam = false;
  }
}

/** Words that only CSS keeps apart: "Berlin" + "Tel", "Tel" + "030", "94" + "info@…". */
function needsSpace(before: string, after: string): boolean {
  const [left, right] = [before.at(-1) ?? "", after.at(0) ?? ""];
  if (/^[\w.+-]+@[\w-]+\.\w/.test(after)) return /[\p{L}\d]/u.test(left);
  if (/\p{Ll}/u.test(left)) return /[\p{Lu}\d+]/u.test(right);
  return /\d/.test(left) ? /\p{L}/u.test(right) : /\p{L}/u.test(left) && /[\d+]/.test(right);
}

function isHidden(element: Element): boolean {
  if (element.attribs.hidden !== undefined && element.attribs.hidden !== "until-found") return true;
  return HIDDEN_STYLE.test(element.attribs.style ?? "");
}

function hintsOf(element: Element): string {
  const { class: classes, id, title, role } = element.attribs;
  return collapse(
    [classes, id, title, role, element.attribs["aria-label"]].join(" "),
  ).toLowerCase();
}

function regionOf(element: Element, hint: string): Region | null {
  if (element.name === "footer" || /(?:^|[\s_-])(?:site-?)?footer(?:$|[\s_-])/.test(hint))
    return "footer";
  if (
    element.name === "header" ||
    /(?:^|[\s_-])(?:site-?header|topbar|top-bar)(?:$|[\s_-])/.test(hint)
  ) {
    return "header";
  }
  return null;
}

function collapse(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/^(?: ?\| ?)+|(?: ?\| ?)+$/g, "")
    .replace(/(?: ?\| ){2,}/g, " | ")
    .trim();
}

import { type ChildNode, type Element, isTag } from "domhandler";
import { textContent } from "domutils";
import type { Page } from "./page.ts";

/** A schema.org node; microdata and RDFa are brought into the shape of JSON-LD. */
export interface Thing {
  [property: string]: unknown;
}

export interface Organisation {
  thing: Thing;
  method: "json_ld" | "microdata";
}

/** Nodes that carry a name and perhaps an address but are not the company. */
const NOT_A_COMPANY =
  /^(?:.*Page|WebSite|Person|Product|ProductGroup|Offer|AggregateOffer|Event|.*Event|Article|.*Article|.*Posting|BreadcrumbList|ListItem|ItemList|ImageObject|VideoObject|PostalAddress|Place|City|Country|AdministrativeArea|Service|Review|Rating|AggregateRating|Brand|Question|Answer|Recipe|Book|Course|SearchAction|ContactPoint|OpeningHoursSpecification|GeoCoordinates|SiteNavigationElement|WPHeader|WPFooter|Blog|CreativeWork|SoftwareApplication|OfferCatalog|.*Gallery|.*Collection|Dataset|.*Object|.*Action|HowTo.*|Menu.*|Thing)$/;

/** Properties that lead from a page or a node to the company behind it. */
const LEADS_TO_COMPANY = [
  "publisher",
  "provider",
  "about",
  "mainEntity",
  "hiringOrganization",
  "copyrightHolder",
  "seller",
];

/** Says which companies the page's structured data describe, most prominent first. */
export function findOrganisations(page: Page): Organisation[] {
  const graph = page.jsonLd.flatMap((block) => topNodes(parseJsonLd(block)));
  const found: Organisation[] = [];
  for (const thing of graph) if (isCompany(thing)) found.push({ thing, method: "json_ld" });
  for (const thing of graph) {
    for (const property of LEADS_TO_COMPANY) {
      for (const inner of things(thing, property)) {
        if (isCompany(inner)) found.push({ thing: inner, method: "json_ld" });
      }
    }
  }
  for (const thing of readMicrodata(page.document.children)) {
    if (isCompany(thing)) found.push({ thing, method: "microdata" });
  }
  return found;
}

/** All persons named in the structured data, wherever they stand. */
export function findPersons(
  page: Page,
): { thing: Thing; method: "json_ld" | "microdata"; relation: string }[] {
  return findOrganisations(page).flatMap(({ thing, method }) =>
    ["founder", "founders", "employee", "employees", "contactPoint", "member"].flatMap((relation) =>
      things(thing, relation).map((person) => ({ thing: person, method, relation })),
    ),
  );
}

/** Parses a JSON-LD block as browsers' tools do: comments, raw control characters and trailing commas are allowed. */
export function parseJsonLd(block: string): unknown {
  const text = block
    .replace(/^\s*(?:<!--|\/\*\s*<!\[CDATA\[\s*\*\/|<!\[CDATA\[)|(?:-->|\]\]>)\s*$/g, "")
    .trim();
  for (const candidate of [
    text,
    text.replace(/\p{Cc}+/gu, " "),
    text.replace(/\p{Cc}+/gu, " ").replace(/,\s*([\]}])/g, "$1"),
  ]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // Try the next, more lenient reading.
    }
  }
  return null;
}

function topNodes(value: unknown, depth = 0): Thing[] {
  if (depth > 10) return [];
  if (Array.isArray(value)) return value.flatMap((item) => topNodes(item, depth + 1));
  if (!isThing(value)) return [];
  return value["@graph"] === undefined ? [value] : [value, ...topNodes(value["@graph"], depth + 1)];
}

function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function typesOf(thing: Thing): string[] {
  return texts(thing, "@type").map((type) => type.replace(/^.*[/:#]/, ""));
}

function isCompany(thing: Thing): boolean {
  const types = typesOf(thing);
  if (types.length === 0 || types.every((type) => NOT_A_COMPANY.test(type))) return false;
  return ["name", "legalName", "telephone", "email", "address", "sameAs"].some(
    (key) => thing[key] !== undefined,
  );
}

/** The property's text values; numbers are written out, objects answer with their name or id. */
export function texts(thing: Thing, property: string): string[] {
  const value = thing[property];
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((item) => {
    if (typeof item === "string") return item.trim() === "" ? [] : [item.trim()];
    if (typeof item === "number") return [String(item)];
    if (isThing(item)) return [...texts(item, "@value"), ...texts(item, "name")].slice(0, 1);
    return [];
  });
}

/** The property's values that are nodes themselves. */
export function things(thing: Thing, property: string): Thing[] {
  const value = thing[property];
  return (Array.isArray(value) ? value : [value]).filter(isThing);
}

/** Reads microdata (`itemscope`) and RDFa (`typeof`) into JSON-LD's shape. */
function readMicrodata(nodes: ChildNode[]): Thing[] {
  const roots: Thing[] = [];
  for (const node of nodes) {
    if (!isTag(node)) continue;
    const type = itemType(node);
    if (type === null) roots.push(...readMicrodata(node.children));
    else {
      const thing: Thing = { "@type": type };
      readProperties(node.children, thing, roots);
      roots.push(thing);
    }
  }
  return roots;
}

function readProperties(nodes: ChildNode[], into: Thing, roots: Thing[]): void {
  for (const node of nodes) {
    if (!isTag(node)) continue;
    const names = (node.attribs.itemprop ?? node.attribs.property ?? "")
      .split(/\s+/)
      .filter(Boolean);
    const type = itemType(node);
    if (type !== null) {
      const inner: Thing = { "@type": type };
      readProperties(node.children, inner, roots);
      if (names.length === 0) roots.push(inner);
      for (const name of names) add(into, name, inner);
      continue;
    }
    for (const name of names) add(into, name.replace(/^schema:/, ""), propertyText(node));
    readProperties(node.children, into, roots);
  }
}

function itemType(element: Element): string[] | null {
  const { itemtype, itemscope, typeof: rdfType } = element.attribs;
  if (itemtype !== undefined)
    return itemtype.split(/\s+/).filter((type) => /schema\.org/.test(type));
  if (rdfType !== undefined) return rdfType.split(/\s+/);
  return itemscope === undefined ? null : [];
}

function propertyText(element: Element): string {
  const { content, href, src, datetime } = element.attribs;
  const text =
    content ?? href?.replace(/^(?:tel|mailto):/i, "") ?? src ?? datetime ?? textContent(element);
  return text.replace(/\s+/g, " ").trim();
}

function add(thing: Thing, name: string, value: unknown): void {
  const before = thing[name];
  thing[name] =
    before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
}

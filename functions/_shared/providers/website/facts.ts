import type { Fact, Found, PageKind } from "./found.ts";
import { type Page, parseUrl } from "./page.ts";
import { type Organisation, texts, things, typesOf } from "./structured-data.ts";

/** Facts that registers require a page to give, with the words that introduce them. */
const IN_TEXT: [string, RegExp][] = [
  [
    "vat_id",
    /\b(?:ust|umsatzsteuer|vat|btw|tva|mwst)[^\d]{0,40}?\b((?:DE ?\d{3} ?\d{3} ?\d{3}|NL ?\d{4}[.]?\d{2}[.]?\d{3}[.]?B[.]?\d{2}|BE ?[01]?\d{3}[. ]?\d{3}[. ]?\d{3}|ATU ?\d{8}|CHE-?\d{3}\.\d{3}\.\d{3}))/i,
  ],
  ["register_number", /\b(?:kvk|k\.v\.k\.?|kamer van koophandel|coc)\b[^\d]{0,25}(\d{8})\b/i],
  ["register_number", /\b(HR[AB] ?\d{2,6}(?: ?[A-Z])?)\b/],
  [
    "register_number",
    /\b(?:ondernemingsnummer|kbo|bce|rpr)\b[^\d]{0,20}([01]?\d{3}[. ]?\d{3}[. ]?\d{3})\b/i,
  ],
  [
    "founded",
    /\b(?:opgericht in|gegründet|founded in|established in|anno|est\.)\s+((?:18|19|20)\d{2})\b/i,
  ],
];

/** Reads facts about the company from structured data and from text. One value a key. */
export function extractFacts(page: Page, organisations: Organisation[]): Found<Fact>[] {
  const facts = new Map<string, Found<Fact>>();
  const add = (
    key: string,
    value: string | undefined,
    confidence: number,
    method: Found<Fact>["method"],
  ): void => {
    if (value !== undefined && value.trim() !== "" && !facts.has(key))
      facts.set(key, { key, value: value.trim(), confidence, method });
  };
  for (const { thing, method } of organisations) {
    add("legal_name", texts(thing, "legalName")[0], 0.95, method);
    add("vat_id", texts(thing, "vatID")[0], 0.95, method);
    add("founded", texts(thing, "foundingDate")[0]?.slice(0, 4), 0.95, method);
    const logo = things(thing, "logo").flatMap((image) => texts(image, "url"));
    add(
      "logo_url",
      parseUrl(logo[0] ?? texts(thing, "logo")[0] ?? null, page.base)?.href,
      0.9,
      method,
    );
    add("employees", texts(thing, "numberOfEmployees")[0], 0.9, method);
    const industry = typesOf(thing).find(
      (type) => !/^(?:Organization|LocalBusiness|Corporation|Place)$/.test(type),
    );
    add("industry", industry?.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase(), 0.8, method);
  }
  for (const { text } of page.lines) {
    if (text.length > 200) continue;
    for (const [key, pattern] of IN_TEXT)
      add(key, pattern.exec(text)?.[1]?.replace(/\s+/g, " "), 0.85, "text");
  }
  return [...facts.values()];
}

const PAGE_KINDS: [PageKind, RegExp][] = [
  [
    "imprint",
    /\b(?:impressum|imprint|colofon|legal[- ]notice|mentions[- ]l[ée]gales|anbieterkennzeichnung)\b/i,
  ],
  [
    "contact",
    /\b(?:contact(?:eer)?|kontakt|contactgegevens|anfahrt|contact-us|nous-contacter|bereikbaarheid)\b/i,
  ],
  [
    "team",
    /\b(?:team|ons-?team|medewerkers|mitarbeiter|ansprechpartner|people|wie-?zijn-?wij|mensen|staff)\b|\b(?:é|e)?quipe\b/i,
  ],
  [
    "about",
    /\b(?:over[- ]?ons|over|ueber[- ]?uns|über[- ]?uns|about(?:[- ]?us)?|unternehmen|bedrijf|organisatie|wie[- ]we[- ]zijn|company|a-propos)\b|\bpropos\b/i,
  ],
  [
    "careers",
    /\b(?:vacatures?|werken[- ]?bij|karriere|jobs?|stellen(?:angebote)?|careers?|emplois?|offene[- ]stellen)\b/i,
  ],
];

/** Pages of the same site that are worth reading next, the best link of a kind first. */
export function findPages(page: Page): { kind: PageKind; url: string }[] {
  const found: { kind: PageKind; url: string }[] = [];
  const seen = new Set<string>(page.url === null ? [] : [withoutHash(page.url)]);
  for (const [kind, pattern] of PAGE_KINDS) {
    for (const link of page.links) {
      const url = parseUrl(link.href, page.base);
      if (
        url === null ||
        page.url === null ||
        url.host !== page.url.host ||
        !/^https?:$/.test(url.protocol)
      )
        continue;
      if (/\.(?:pdf|jpe?g|png|docx?|zip)$/i.test(url.pathname) || seen.has(withoutHash(url)))
        continue;
      const words = `${link.text} ${url.pathname.replace(/[/_.]/g, " ")}`;
      if (words.length > 160 || !pattern.test(words)) continue;
      seen.add(withoutHash(url));
      found.push({ kind, url: withoutHash(url) });
    }
  }
  return found;
}

function withoutHash(url: URL): string {
  return url.href.replace(/#.*$/, "");
}

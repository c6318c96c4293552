import { readCountry, readCountryAfter } from "./countries.ts";
import type { Address, Found } from "./found.ts";
import { decodePercent } from "./obfuscation.ts";
import type { Page } from "./page.ts";
import { type Organisation, texts, things } from "./structured-data.ts";

type Candidate = Found<Address>;

/** Postal code and the city behind it, in the forms that name the country and those that do not. */
const CODE_BEFORE_CITY: { country: string | null; pattern: RegExp; strength: number }[] = [
  {
    country: "NL",
    pattern:
      /(?<![\d\p{L}-])(?:NL[- ])?([1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2})(?![\p{L}\d])[ ,·|-]{1,3}/u,
    strength: 1,
  },
  { country: "DE", pattern: /(?<![\d\p{L}-])D[- –]{1,2}(\d{5})[ ,]+/u, strength: 1 },
  { country: "AT", pattern: /(?<![\d\p{L}-])(?:A|AT)[- –]{1,2}(\d{4})[ ,]+/u, strength: 1 },
  { country: "CH", pattern: /(?<![\d\p{L}-])(?:CH)[- –]{1,2}(\d{4})[ ,]+/u, strength: 1 },
  { country: "BE", pattern: /(?<![\d\p{L}-])(?:B|BE)[- –]{1,2}(\d{4})[ ,]+/u, strength: 1 },
  { country: "LU", pattern: /(?<![\d\p{L}-])L[- –]{1,2}(\d{4})[ ,]+/u, strength: 1 },
  { country: "PL", pattern: /(?<![\d\p{L}-])(\d{2}-\d{3})[ ,]+/u, strength: 0.9 },
  { country: null, pattern: /(?<![\d\p{L}.,-])(\d{5})(?![\d.,-])[ ,]+/u, strength: 0.8 },
  { country: null, pattern: /(?<![\d\p{L}.,-])(\d{3} \d{2})(?![\d.,-])[ ,]+/u, strength: 0.5 },
  { country: null, pattern: /(?<![\d\p{L}.,-])([1-9]\d{3})(?![\d.,-])[ ,]+/u, strength: 0.6 },
];

/** City, then code: United States, Canada, Australia; United Kingdom and Ireland. */
const CITY_BEFORE_CODE: { country: string; pattern: RegExp }[] = [
  {
    country: "US",
    pattern:
      /(?:^|, ?|\n)([\p{Lu}][\p{L}.' -]{1,30}),? +([A-Z]{2}|Alabama|Arizona|California|Colorado|Connecticut|Florida|Georgia|Illinois|Indiana|Kansas|Kentucky|Louisiana|Maryland|Massachusetts|Michigan|Minnesota|Missouri|Nevada|New (?:Jersey|York|Mexico)|North Carolina|Ohio|Oklahoma|Oregon|Pennsylvania|South Carolina|Tennessee|Texas|Utah|Virginia|Washington|Wisconsin),? +(\d{5}(?:-\d{4})?)(?![\d])/u,
  },
  {
    country: "CA",
    pattern:
      /(?:^|, ?)([\p{Lu}][\p{L}.' -]{1,30}),? +([A-Z]{2}|\p{Lu}\p{Ll}+),? +([A-Z]\d[A-Z] ?\d[A-Z]\d)\b/u,
  },
  {
    country: "AU",
    pattern: /(?:^|, ?)([\p{Lu}][\p{L}.' -]{1,30}),? +(NSW|VIC|QLD|WA|SA|TAS|ACT|NT),? +(\d{4})\b/u,
  },
  {
    country: "GB",
    pattern: /(?:^|, ?)([\p{Lu}][\p{L}.' -]{1,30}),?( )([A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b/u,
  },
];

/** What ends a city's name on its line. */
const AFTER_CITY =
  /\s*(?:[|•·;:()/\n]|\d|,|\s[-–—]\s|(?<![\p{L}\d])(?:tel(?:efon|efoon|ephone)?|phone|fon|(?:tele)?fax|mobiel|mobile?|handy|e-?mail|mail|route|kvk|btw|t:|t\.|www|https?|info@|auf|bekijk|plan|zeige|anfahrt|google|und|en|ist|in der|google maps|op de kaart)(?![\p{L}\d]))/iu;

const CITY =
  /^(?:['’]?[stn]?[- ]?)?\p{Lu}[\p{L}.'’-]*(?:[ /-](?:\((?:[\p{L}. -]+)\)|am|an|der|den|dem|im|in|bei|ob|aan|de|het|op|a\.?d\.?|sur|la|le|les|lès|of|the|upon|\p{Lu}[\p{L}.'’-]*))*/u;

const NUMBER = String.raw`\d{1,5}(?:\s?[a-zA-Z](?![\p{L}]))?(?:\s?(?:[-–/+&,]|bis|t/m|bus|hs|[IVX]+)\s?(?:\d{1,5}\s?[a-zA-Z]?(?![\p{L}])|[a-zA-Z](?![\p{L}])))?`;
/** "Mont-Cenis-Straße 444", "It Spyk 11", "Laan van Meerdervoort 70-72", "Straße des 17. Juni 135". */
const STREET_THEN_NUMBER = new RegExp(
  String.raw`^['’\p{L}][\p{L}\d.'’ß() -]{2,48}?,?\s(?:Nr\.? ?)?${NUMBER}(?:\s?(?:bus|bte|boîte|hs|\p{L})\.? ?\d{0,4})?$`,
  "u",
);
/** "12 rue de la Paix", "1600 Amphitheatre Parkway", "12, avenue Louise". */
const NUMBER_THEN_STREET =
  /^(?:(?:unit|suite|ste|shop|office|flat|apt|#)\.? ?[\w-]+,? )?\d{1,5}[a-zA-Z]?(?:[-–]\d{1,5})?,?\s(?:(?:rue|avenue|av\.|boulevard|bd|place|chemin|route|allée|quai|impasse|via|viale|calle)\s.{2,40}|[\p{L}\d.' -]{2,40}\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|way|court|ct|place|pl|square|sq|parkway|pkwy|highway|hwy|terrace|close|crescent|row|hill|gardens|park|mews|broadway|quay|wharf|plaza|circle|trail)\b\.?(?:[ ,]+(?:suite|ste|floor|fl|unit|apt|#)\.? ?[\w-]+)?)$/iu;
const STREET_WORD =
  /(?:str(?:aße|asse|aat|\.)?|weg|laan|plein|platz|allee|gasse|dijk|kade|gracht|singel|steeg|hof|ring|damm|ufer|markt|dreef|pad|park|baan|lei|kaai|poort|wal|haven|rue|avenue|boulevard|steenweg|berg|chaussee|street|road|lane)\b/iu;
const PO_BOX = /\b(?:postbus|postfach|p\.?o\.? ?box|boîte postale|bp)\b/i;

/** Finds where the company sits: structured data first, then map links, then text. Null if the page does not say. */
export function extractAddress(
  page: Page,
  organisations: Organisation[],
  country: string | null,
  thirdParties: number[],
): Found<Address> | null {
  const found: Candidate[] = [
    ...structured(organisations, country),
    ...written(page, country, thirdParties),
    ...mapped(page, country),
  ];
  // A place that the page gives more than once is more likely the company's own.
  const weight = (candidate: Candidate): number =>
    candidate.confidence + 0.05 * found.filter((other) => isSamePlace(candidate, other)).length;
  return found.reduce<Candidate | null>(
    (best, next) => (best === null || weight(next) > weight(best) ? next : best),
    null,
  );
}

function isSamePlace(one: Address, other: Address): boolean {
  return (
    one.city === other.city && (one.street ?? "").slice(0, 8) === (other.street ?? "").slice(0, 8)
  );
}

function* structured(organisations: Organisation[], fallback: string | null): Generator<Candidate> {
  for (const { thing, method } of organisations) {
    const holders = [thing, ...things(thing, "location")];
    for (const address of holders.flatMap((holder) => things(holder, "address"))) {
      const street = texts(address, "streetAddress").join(" ") || null;
      const city = texts(address, "addressLocality")[0] ?? null;
      if (city === null || isUnfilled(city) || (street !== null && isUnfilled(street))) continue;
      const postalCode = texts(address, "postalCode")[0] ?? null;
      // A city alone says where the company works, not where it sits.
      if (street === null && postalCode === null) continue;
      const country = readCountry(texts(address, "addressCountry")[0]) ?? fallback;
      const region = texts(address, "addressRegion")[0] ?? null;
      const confidence = street === null ? 0.6 : method === "json_ld" ? 0.97 : 0.95;
      yield { street, postalCode, city, region, country, confidence, method };
    }
    for (const text of holders.flatMap((holder) => texts(holder, "address"))) {
      const read = readAddress(text, [], fallback);
      if (read !== null) yield { ...read, confidence: 0.95, method };
    }
  }
}

/** Template text such as "Musterstraße 1" or "{{city}}". */
function isUnfilled(text: string): boolean {
  return /[{}[\]<>]|^-+|muster(?:stra(?:ß|ss)e|stadt|hausen)|voorbeeld(?:straat|stad)|your (?:street|city)|street address|^city$|^straat$|anytown|lorem/i.test(
    text,
  );
}

function* mapped(page: Page, country: string | null): Generator<Candidate> {
  for (const href of [...page.links.map((link) => link.href), ...page.resources]) {
    if (!/google\.[a-z.]+\/maps|maps\.google\.|maps\.apple\.com|openstreetmap\.org/.test(href))
      continue;
    const place =
      /[?&](?:q|query|daddr|destination|address)=([^&]+)/.exec(href)?.[1] ??
      /\/(?:dir|place|search)\/+([^/@]+)/.exec(href)?.[1];
    if (place === undefined) continue;
    const text = decodePercent(place.replace(/\+/g, " ")).replace(/\s+/g, " ");
    const read = readAddress(text, [], country);
    if (read !== null) yield { ...read, confidence: 0.75, method: "map" };
  }
}

function* written(
  page: Page,
  country: string | null,
  thirdParties: number[],
): Generator<Candidate> {
  const seen: string[] = [];
  for (const [index, line] of page.lines.entries()) {
    const limit = thirdParties[index] ?? Number.POSITIVE_INFINITY;
    const text = line.text.slice(0, Math.min(limit, 400));
    const read =
      limit === 0
        ? null
        : (readAddress(text, seen.slice(-3), country) ??
          readBareAddress(text, page, line.region !== "body" || line.card, country));
    if (read !== null) {
      const place = line.region !== "body" || line.card ? 0.05 : 0;
      yield { ...read, confidence: Math.min(0.95, read.confidence + place), method: "text" };
    }
    seen.push(line.text);
  }
}

/** Reads the address that ends with a postal code and a city in `text`; the street may stand in the lines before. */
function readAddress(
  text: string,
  before: string[],
  fallback: string | null,
): (Address & { confidence: number }) | null {
  for (const { country, pattern } of CITY_BEFORE_CODE) {
    const match = pattern.exec(text);
    if (match?.[1] === undefined) continue;
    // "12 High Street, London, SW1A 1AA" or the street on the line before.
    const street = readStreet(text.slice(0, match.index), before);
    if (street === null) continue;
    return {
      street,
      postalCode: match[3] ?? null,
      city: match[1].trim(),
      region: match[2]?.trim() || null,
      country,
      confidence: 0.85,
    };
  }
  for (const { country, pattern, strength } of CODE_BEFORE_CITY) {
    const match = pattern.exec(text);
    if (match?.[1] === undefined) continue;
    const city = readCity(text.slice(match.index + match[0].length));
    if (city === null) continue;
    const street = readStreet(text.slice(0, match.index), before);
    if (street === null) continue;
    const tail = text.slice(match.index + match[0].length + city.length);
    const postalCode = country === "NL" ? match[1].replace(/^(\d{4}) ?/, "$1 ") : match[1];
    const boxed = PO_BOX.test(street) ? 0.3 : 0;
    const confidence = 0.7 + strength * 0.2 - boxed;
    return {
      street,
      postalCode,
      city,
      region: null,
      country: country ?? readCountryAfter(tail) ?? fallback,
      confidence,
    };
  }
  return null;
}

function readCity(text: string): string | null {
  const end = AFTER_CITY.exec(text)?.index ?? text.length;
  const city =
    CITY.exec(text.slice(0, end).trim())?.[0]
      .trim()
      .replace(/[.,-]+$/, "") ?? "";
  return city.length >= 2 &&
    city.length <= 40 &&
    !/^(?:uhr|euro|eur|stück|m|km|kg|mitarbeiter|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)(?![\p{L}\d])/iu.test(
      city,
    ) &&
    !isUnfilled(city)
    ? city
    : null;
}

/** The street at the end of `text`, else in the nearest of the lines before. */
function readStreet(text: string, before: string[]): string | null {
  const inline = trimEnds(text);
  if (inline !== "") return streetAtEnd(inline);
  for (const line of [...before].reverse().slice(0, 2)) {
    const street = streetAtEnd(trimEnds(line));
    if (street !== null) return street;
  }
  return null;
}

function trimEnds(text: string): string {
  return text.replace(/[\s,;|•·:–—-]+$/u, "").replace(/^[\s,;|•·:–—-]+/u, "");
}

function streetAtEnd(text: string): string | null {
  const segments = text.split(/\s*(?:[|•·;:]|\s[-–—]\s|,)\s*/u).filter(Boolean);
  // "Unit 4, 12 High Street", "Straße 12, Hinterhaus": the last segment that is a street.
  for (const segment of segments.reverse().slice(0, 3)) {
    const street = afterPreposition(segment);
    if (street.length > 60 || isUnfilled(street)) continue;
    if (PO_BOX.test(street) && /\d/.test(street)) return street;
    if (NUMBER_THEN_STREET.test(street) || STREET_THEN_NUMBER.test(street)) return street;
  }
  return null;
}

/** "… is gevestigd op Akerdijk 12" → "Akerdijk 12". */
function afterPreposition(text: string): string {
  const segment = text.replace(
    /^(?:(?:bezoek|post|firmen|haus)?adress?e?|address|anschrift|locatie|location|standort|sitz)\s*:?\s+(?=\S+.*\d)/iu,
    "",
  );
  if (segment.split(" ").length <= 4 && /^[\p{Lu}\d'’]/u.test(segment)) return segment;
  return segment
    .replace(
      /^.*?(?:^|\s)(?:op|aan|in|at|unter|adresse|adres|address|anschrift|sitz|located at|gevestigd|an der adresse|bezoekadres|standort|ist|is)\s+(?=\p{Lu})/iu,
      "",
    )
    .replace(/^(?:\p{Ll}[\p{L}]* )+(?=\p{Lu})/u, "");
}

/** "It Spyk 11, Burdaard": no code, so the city has to be named elsewhere on the page, and the place has to fit. */
function readBareAddress(
  text: string,
  page: Page,
  isContactPlace: boolean,
  country: string | null,
): (Address & { confidence: number }) | null {
  const segments = text.split(/\s*[|•·;]\s*|\s[–—-]\s/u);
  for (const segment of segments) {
    const match = /^([^,]{5,45}),\s*([^,]{2,30})$/u.exec(segment.trim());
    const street = match?.[1] ?? "";
    const city = match?.[2] ?? "";
    if (
      !STREET_THEN_NUMBER.test(street) ||
      CITY.exec(city)?.[0] !== city ||
      !/^\p{Lu}/u.test(street)
    )
      continue;
    const elsewhere = [
      page.title,
      page.meta.get("description") ?? "",
      ...page.lines.map((line) => line.text),
    ];
    const mentions = elsewhere.filter((other) => other !== text && other.includes(city)).length;
    if (mentions === 0 || !(isContactPlace || STREET_WORD.test(street))) continue;
    return { street, postalCode: null, city, region: null, country, confidence: 0.65 };
  }
  return null;
}

import { countryCode } from "./countries.ts";
import { cleanLine, fold } from "./plain-text.ts";
import type { PostingLocation, Workplace } from "./posting.ts";
import { findRegion } from "./regions.ts";

/** What a source says of the place, in whatever detail it has. */
export type LocationDraft = {
  /** Free text as the source shows it. */
  raw?: unknown;
  street?: unknown;
  postalCode?: unknown;
  city?: unknown;
  region?: unknown;
  country?: unknown;
  /** "remote", "Hybrid", "on-site", "TELECOMMUTE" … */
  workplace?: unknown;
  remote?: unknown;
};

const remoteWords =
  /\b(remote|remoto|home ?office|homeoffice|work from home|wfh|telecommut\w*|teletravail|telework|anywhere|distributed|zdalna|zdalnie|thuiswerk\w*|op afstand|fernarbeit)\b/;
const hybridWords = /\b(hybrid\w*|hibrid\w*)\b/;
const onsiteWords = /\b(on ?site|onsite|in ?office|in person|vor ort|presencial|sur site)\b/;

/** Words of a location that name no place of their own. */
const noPlace =
  /^(|n a|na|tbd|various|multiple( locations)?|remote.*|.*remote|hybrid.*|onsite|on site|office|home ?office|work from home|anywhere.*|worldwide|global(ly)?|distributed|emea|europe|eu|apac|latam|latin america|north america|americas|asia|hq|headquarters|flexible|various( and remote)?)$/;

/** Cities that a two-letter code after them would place in the wrong country. */
const cityHints: [RegExp, string][] = [
  [
    /^(bengaluru|bangalore|mumbai|bombay|pune|hyderabad|chennai|new delhi|delhi|gurgaon|gurugram|noida|kolkata|ahmedabad|kochi|jaipur)$/,
    "IN",
  ],
  [/^(buenos aires|cordoba|rosario)$/, "AR"],
  [/^(bogota|medellin|cali)$/, "CO"],
  [/^(tel aviv|haifa|jerusalem|herzliya)$/, "IL"],
  [/^(casablanca|rabat|tanger|tangier)$/, "MA"],
  [/^(toronto|vancouver|ottawa|calgary|edmonton|montreal|winnipeg)$/, "CA"],
];

/** Abbreviations that are cities to everyone. */
const cityAliases: Record<string, string> = {
  sf: "San Francisco",
  nyc: "New York",
  "new york city": "New York",
};

export function parseWorkplace(value: unknown): Workplace | null {
  if (typeof value !== "string") return null;
  const words = fold(value.replace(/([a-z])([A-Z])/g, "$1 $2"));
  if (hybridWords.test(words)) return "hybrid";
  if (remoteWords.test(words)) return "remote";
  return onsiteWords.test(words) ? "onsite" : null;
}

/**
 * City, region, country and workplace out of a source's fields, the free text filling what they
 * leave open. Of several places ("SF, NYC, SEA", "Paris; Remote") the first is taken apart; `raw`
 * keeps them all.
 */
export function parseLocation(draft: LocationDraft): PostingLocation {
  const city = place(draft.city, 80);
  const region = place(draft.region, 80);
  const countryText = cleanLine(draft.country, 80);
  const rawText = cleanLine(draft.raw, 160);
  const guess = readFreeText(rawText);
  const country = countryCode(countryText);
  const composed = [
    cleanLine(draft.street, 100),
    cleanLine(draft.postalCode, 20),
    cleanLine(draft.city, 80),
    cleanLine(draft.region, 80),
    countryText,
  ].filter((part) => part !== null);
  const sameCountry = country === null || guess.country === null || guess.country === country;
  const foundCity = city ?? (sameCountry ? guess.city : null);
  const foundRegion =
    region === null
      ? sameCountry
        ? guess.region
        : null
      : (findRegion(region, country)?.name ?? region);
  return {
    raw: rawText ?? cleanLine(composed.join(", "), 160),
    city: foundCity,
    region: foundRegion,
    country:
      country ?? guess.country ?? (region === null ? null : (findRegion(region)?.country ?? null)),
    workplace: workplaceOf(draft, rawText),
  };
}

function workplaceOf(draft: LocationDraft, raw: string | null): Workplace | null {
  const said = parseWorkplace(draft.workplace);
  if (said !== null) return said;
  if (draft.remote === true || draft.remote === 1 || draft.remote === "true") return "remote";
  return parseWorkplace(raw) ?? parseWorkplace(draft.city);
}

/** A named place: not a number, not "Remote", not "N/A". */
function place(value: unknown, max: number): string | null {
  const text = cleanLine(value, max);
  return text === null || noPlace.test(fold(text)) || /^[\d\s-]+$/.test(text) ? null : text;
}

type Guess = { city: string | null; region: string | null; country: string | null };

function readFreeText(raw: string | null): Guess {
  const nothing: Guess = { city: null, region: null, country: null };
  if (raw === null) return nothing;
  const listed = raw.split(/\s*(?:;|\||•|·|\s\/\s|\bor\b|\bOR\b|&|\n)\s*/)[0] ?? "";
  const first =
    countryCode(listed, false) === null ? (listed.split(/\s+(?:and|und|et)\s+/)[0] ?? "") : listed;
  // "Remote (United States)", "New York, NY (HQ)": what is in brackets is a part of its own.
  const parts = first
    .replace(/[()[\]]/g, ",")
    .replace(/^([A-Z]{2})-(?=[A-Z])/, "$1, ")
    .split(/\s*,\s*|\s+[-–—]\s+|-(?=Remote\b)/i)
    .map((part) => part.replace(/^(remote|hybrid)\s+(in|from|within)?\s*(the\s+)?/i, ""))
    .filter((part) => !noPlace.test(fold(part)));
  if (parts.length === 0) return nothing;
  const [only] = parts;
  return partsToPlace(parts.length === 1 && only !== undefined ? withoutCommas(only) : parts);
}

/** "New York City NY USA" → its three parts; other texts stay whole. */
function withoutCommas(text: string): string[] {
  const words = text.split(" ");
  const last = words.at(-1) ?? "";
  if (words.length < 2 || !/^[A-Z]{2,3}$/.test(last)) return [text];
  const before = words.at(-2) ?? "";
  const country = countryCode(last);
  if (words.length > 2 && /^[A-Z]{2,3}$/.test(before) && findRegion(before, country) !== null) {
    return [words.slice(0, -2).join(" "), before, last];
  }
  return country !== null || findRegion(last) !== null
    ? [words.slice(0, -1).join(" "), last]
    : [text];
}

function partsToPlace(parts: string[]): Guess {
  const found: Guess = { city: null, region: null, country: null };
  const rest: string[] = [];
  for (const [index, part] of parts.entries()) {
    const last = parts.length > 1 && index > 0;
    const leads = index === 0 && parts.length > 1 && /^[A-Z]{2}$/.test(part);
    const country = countryCode(
      part,
      leads && (/^(IN|DE)$/.test(part) || findRegion(part) === null),
    );
    const region = last
      ? regionAfter(parts[0] ?? "", part, found.country)
      : findOnlyRegion(part, parts);
    if (region !== null && found.region === null && (country === null || last)) {
      found.region = region.name;
      found.country ??= region.country;
    } else if (country !== null && found.country === null) {
      found.country = country;
    } else if (
      last &&
      found.country === null &&
      countryCode(part) !== null &&
      /^[A-Z]{2,3}$/.test(part)
    ) {
      found.country = countryCode(part);
    } else {
      rest.push(part);
    }
  }
  found.city = cityAmong(rest);
  return found;
}

/** "City, XX": the state that XX is, unless the city says it is a country ("Berlin, DE"). */
function regionAfter(city: string, part: string, country: string | null) {
  if (part === "DE") return null;
  const hint = cityHints.find(([cities]) => cities.test(fold(city)))?.[1] ?? null;
  if (hint !== null && countryCode(part) === hint && part.length === 2) return null;
  return findRegion(part, hint ?? country);
}

/** A lone state name ("California"); a lone "New York" or "Washington" is a city first. */
function findOnlyRegion(part: string, parts: string[]) {
  if (parts.length > 1 || part.length < 4 || /^(new york|washington|victoria)$/i.test(part))
    return null;
  return findRegion(part);
}

/** The first part that reads like a town: streets and postal codes are passed over. */
function cityAmong(parts: string[]): string | null {
  for (const part of parts) {
    const withoutPostcode = part.replace(/^(?:[A-Z]{1,2}-)?\d[\d-]{3,}\s+/, "");
    const folded = fold(withoutPostcode);
    if (!/\d/.test(folded) && folded.length <= 60 && !noPlace.test(folded)) {
      return cityAliases[folded] ?? cleanLine(withoutPostcode, 80);
    }
  }
  return null;
}

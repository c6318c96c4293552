import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import type { Page } from "./page.ts";
import { type Organisation, texts, things } from "./structured-data.ts";

/** Country names as they stand at the end of addresses, in the languages that OTIS reads. */
const COUNTRY_NAMES: [RegExp, CountryCode][] = [
  [/\b(?:nederland|the netherlands|netherlands|niederlande|pays-bas)\b/i, "NL"],
  [/\b(?:deutschland|germany|duitsland|allemagne)\b/i, "DE"],
  [/(?:^|[^\p{L}])(?:belgië|belgie|belgium|belgien|belgique)(?:$|[^\p{L}])/iu, "BE"],
  [/(?:^|[^\p{L}])(?:österreich|oesterreich|austria|oostenrijk|autriche)(?:$|[^\p{L}])/iu, "AT"],
  [/\b(?:schweiz|switzerland|zwitserland|suisse|svizzera)\b/i, "CH"],
  [/\b(?:luxembourg|luxemburg)\b/i, "LU"],
  [/\b(?:france|frankreich|frankrijk)\b/i, "FR"],
  [/\b(?:united kingdom|great britain|england|scotland|wales)\b/i, "GB"],
  [/\b(?:ireland|éire)\b/i, "IE"],
  [/\b(?:united states(?: of america)?|usa|u\.s\.a\.)/i, "US"],
  [/\bcanada\b/i, "CA"],
  [/\baustralia\b/i, "AU"],
  [/(?:^|[^\p{L}])(?:españa|spain|spanien|spanje)(?:$|[^\p{L}])/iu, "ES"],
  [/\b(?:italia|italy|italien|italië)\b/i, "IT"],
  [/\b(?:danmark|denmark|dänemark|denemarken)\b/i, "DK"],
  [/\b(?:polska|poland|polen)\b/i, "PL"],
];

/** Country code top-level domains that the whole world uses. */
const WORLDWIDE_TLD = new Set([
  "io",
  "co",
  "ai",
  "me",
  "tv",
  "app",
  "cc",
  "fm",
  "to",
  "ly",
  "gg",
  "sh",
  "st",
  "vc",
  "ws",
  "eu",
  "nu",
]);

/** Languages that point to one country when nothing else does. */
const LANGUAGE_HOME: Record<string, CountryCode> = {
  nl: "NL",
  de: "DE",
  fr: "FR",
  da: "DK",
  sv: "SE",
  nb: "NO",
  no: "NO",
  fi: "FI",
  pl: "PL",
  it: "IT",
  es: "ES",
  pt: "PT",
  cs: "CZ",
  hu: "HU",
  el: "GR",
  tr: "TR",
  ja: "JP",
  en: "US",
};

/** The country that a name, a code or a full line of text speaks of. */
export function readCountry(text: string | null | undefined): CountryCode | null {
  if (!text) return null;
  const code = text.trim().toUpperCase();
  if (isSupportedCountry(code)) return code;
  if (code === "D") return "DE";
  if (code === "UK") return "GB";
  for (const [name, country] of COUNTRY_NAMES) if (name.test(text)) return country;
  return null;
}

/**
 * Countries whose national number format the page may be using, most likely first.
 * Declared addresses weigh more than domains, domains more than languages.
 */
export function guessCountries(page: Page, organisations: Organisation[]): CountryCode[] {
  const guesses: (CountryCode | null)[] = [];
  for (const { thing } of organisations) {
    for (const address of things(thing, "address")) {
      guesses.push(readCountry(texts(address, "addressCountry")[0]));
    }
  }
  for (const address of [page.url?.href, page.canonical, page.meta.get("og:url")])
    guesses.push(tldCountry(address));
  guesses.push(readCountry(page.meta.get("geo.region")?.slice(0, 2)));
  // en-US and en_US are what templates come with; they say nothing.
  for (const locale of [page.language, page.meta.get("og:locale")]) {
    const region = /^(?!en[-_]us)[a-z]{2,3}[-_]([a-z]{2})\b/i.exec(locale ?? "")?.[1];
    guesses.push(readCountry(region));
  }
  const text = page.lines.map((line) => line.text).join("\n");
  for (const match of text.matchAll(/@[\p{L}\d.-]+\.(\p{Ll}{2})\b/gu))
    guesses.push(tldCountry(`https://x.${match[1]}`));
  for (const calling of internationalNumbers(page, text)) guesses.push(calling);
  for (const [name, country] of COUNTRY_NAMES) {
    if (page.lines.some((line) => line.text.length < 120 && name.test(line.text)))
      guesses.push(country);
  }
  if (/\b\d{4} ?[A-Z]{2}\b,? +\p{Lu}\p{Ll}/u.test(text)) guesses.push("NL");
  guesses.push(LANGUAGE_HOME[(page.language ?? "").slice(0, 2).toLowerCase()] ?? null);
  return [...new Set(guesses.filter((guess) => guess !== null))];
}

/** Countries of the numbers that the page writes with their calling code. */
function internationalNumbers(page: Page, text: string): (CountryCode | null)[] {
  const links = page.links.map(({ href }) => href.replace(/^.*(?:wa\.me\/|phone=)\+?/, "+"));
  const written = [...links, text].flatMap(
    (part) => part.match(/(?:\+|\b00)[1-9][\d ()./-]{7,18}\d/g) ?? [],
  );
  return written
    .slice(0, 20)
    .map((number) => parsePhoneNumberFromString(number.replace(/^00/, "+"))?.country ?? null);
}

function tldCountry(address: string | null | undefined): CountryCode | null {
  if (!address || !URL.canParse(address)) return null;
  const tld = new URL(address).hostname.split(".").at(-1) ?? "";
  return tld.length === 2 && !WORLDWIDE_TLD.has(tld) ? readCountry(tld) : null;
}

import {
  type CountryCode,
  getCountries,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import type { Page } from "./page.ts";
import { type Organisation, texts, things } from "./structured-data.ts";

/** Country names in the languages that OTIS reads, as the runtime knows them, and some that people use besides. */
const COUNTRY_BY_NAME = new Map<string, CountryCode>([
  ...["en", "de", "nl", "fr"].flatMap((language) => {
    const names = new Intl.DisplayNames([language], { type: "region" });
    return getCountries().map((code): [string, CountryCode] => [
      (names.of(code) ?? code).toLowerCase(),
      code,
    ]);
  }),
  ...Object.entries<CountryCode>({
    "the netherlands": "NL",
    holland: "NL",
    belgie: "BE",
    oesterreich: "AT",
    "great britain": "GB",
    uk: "GB",
    "u.k.": "GB",
    england: "GB",
    scotland: "GB",
    wales: "GB",
    usa: "US",
    "u.s.a.": "US",
    "united states of america": "US",
    d: "DE",
    españa: "ES",
    italia: "IT",
    polska: "PL",
    danmark: "DK",
    sverige: "SE",
    norge: "NO",
    "czech republic": "CZ",
  }),
]);

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

/** Languages that point to one country when nothing else does; English points nowhere. */
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
};

/** The country that a code or a name means; null for anything else. */
export function readCountry(text: string | null | undefined): CountryCode | null {
  const name = text?.trim() ?? "";
  const code = name.toUpperCase();
  return isSupportedCountry(code) ? code : (COUNTRY_BY_NAME.get(name.toLowerCase()) ?? null);
}

/** The country that stands at the beginning of what follows a city: ", Deutschland Tel. …". */
export function readCountryAfter(text: string): CountryCode | null {
  const words = text.replace(/^[\s,;|·•()–-]+/, "").split(/[\s,;|·•()]+/);
  for (const length of [3, 2, 1]) {
    const country = COUNTRY_BY_NAME.get(words.slice(0, length).join(" ").toLowerCase());
    if (country !== undefined) return country;
  }
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
  for (const line of page.lines) {
    if (line.text.length > 120) continue;
    for (const part of line.text.split(/[,|·•]|\s[–-]\s/))
      guesses.push(COUNTRY_BY_NAME.get(part.trim().toLowerCase()) ?? null);
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

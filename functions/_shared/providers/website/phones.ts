import {
  type CountryCode,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import type { Found, Method, Phone } from "./found.ts";
import { decodePercent } from "./obfuscation.ts";
import type { Line, Page } from "./page.ts";
import { candidates, withoutBankAccounts } from "./phone-candidates.ts";
import { type Organisation, texts, things } from "./structured-data.ts";

const PHONE_LABEL =
  /\b(?:tele(?:fon|foon|phone|fono)?(?:nummer|nr)?|tél(?:éphone)?|tel|fon|phone(?: number)?|call(?: us)?|mob(?:iel|il|ile)?|handy|gsm|cell|ruf(?:nummer|en sie uns)?|bel(?: ons| direct|len)?|hotline|durchwahl|zentrale|whats ?app|notdienst|notruf|storingsdienst|spoed|kontakt|contact|anrufen)\b|(?:^|[\s|,;(/])(?:t|m|p)\s?[.:]?\s*$|[☎☏📞📱✆🕿]/giu;
const FAX_LABEL = /(?:tele)?fax(?:nummer|nr)?\b|(?:^|[\s|,;(/])f\s?[.:]?\s*$|📠/giu;
/** Words before numbers of registers, taxes, banks and goods, which look like phone numbers. */
const OTHER_LABEL =
  /\b(?:u\.?st\.?|ust-?id\S*|vat|btw\S*|tva|kvk\S*|k\.v\.k|kamer van koophandel|chamber of commerce|hr[ab]|iban|bic|blz|kto|konto\S*|bank|rekening\S*|steuer\S*|finanzamt|handelsreg\S*|regist\S*|siren|siret|rcs|kbo|bce|rpr|ondernemings\S*|entreprise|rsin|atu|isbn|issn|ean|gtin|artikel\S*|art|bestell\S*|order|lot|ref\S*|dossier\S*|big|agb|lrk|gln|duns|version|build|z-index|din|iso|eur|postbus|postfach|p\.?o\.? box)\b|€|(?:\bnr|\bnummer|\bno|\bid|\bbe|\bnl)\b[.: ]*$/giu;

/** Numbers that templates come with. */
const PLACEHOLDER = /12345678|1234567$|^1234567|98765432|(\d)\1{6}|(\d)\2{5}$|555-?55|55501\d\d$/;

interface Sighting {
  number: PhoneNumber;
  written: string;
  kind: Phone["kind"];
  confidence: number;
  method: Method;
}

/**
 * Finds the company's phone and fax numbers. National numbers are read with the first of `countries` for which
 * they are valid. Lines of third parties, register numbers, dates and placeholders are left out.
 */
export function extractPhones(
  page: Page,
  organisations: Organisation[],
  countries: CountryCode[],
  thirdParties: number[],
): Found<Phone>[] {
  // Where nothing tells the country, English pages mostly write North American numbers.
  const home: CountryCode[] =
    countries.length === 0 && /^en\b/i.test(page.language ?? "") ? ["US"] : countries;
  const sightings = [
    ...structured(organisations, home),
    ...linked(page, home, thirdParties),
    ...written(page.lines, home, thirdParties),
  ];
  return merge(sightings);
}

function* structured(organisations: Organisation[], countries: CountryCode[]): Generator<Sighting> {
  for (const { thing, method } of organisations) {
    for (const node of [thing, ...things(thing, "contactPoint"), ...things(thing, "location")]) {
      for (const [property, kind] of [
        ["telephone", "phone"],
        ["faxNumber", "fax"],
      ] as const) {
        for (const text of texts(node, property)) {
          const number = parse(text, countries);
          if (number !== null) yield { number, written: text, kind, confidence: 0.95, method };
        }
      }
    }
  }
}

function* linked(
  page: Page,
  countries: CountryCode[],
  thirdParties: number[],
): Generator<Sighting> {
  for (const link of page.links) {
    if ((thirdParties[link.line] ?? Number.POSITIVE_INFINITY) === 0) continue;
    const whatsapp =
      /^https?:\/\/(?:wa\.me\/|(?:api|web)\.whatsapp\.com\/send\/?\?(?:.*&)?phone=)(?:\+|%2B)?(\d{8,15})/i.exec(
        link.href,
      )?.[1];
    if (whatsapp !== undefined) {
      const number = parse(`+${whatsapp}`, countries);
      if (number !== null)
        yield {
          number,
          written: `+${whatsapp}`,
          kind: "whatsapp",
          confidence: 0.9,
          method: "link",
        };
      continue;
    }
    const target = /^\s*(?:(?:tel|callto|sip):)+(?:\/\/)?([^;?]+)/i.exec(link.href)?.[1];
    if (target === undefined) continue;
    const shown = [...candidates(link.text)][0]?.written ?? null;
    const visible = shown === null ? null : parse(shown, countries);
    const hidden = parse(decodePercent(target), countries);
    const before = page.lines[link.line]?.text.split(link.text)[0] ?? "";
    const kind = labelOf(before.slice(-40)) === "fax" ? "fax" : "phone";
    const number = chooseNumber(visible, hidden);
    if (number === null) continue;
    const isShown = shown !== null && visible !== null && sameNumber(visible, number);
    yield {
      number,
      written: isShown ? shown : decodePercent(target).trim(),
      kind,
      confidence: 0.95,
      method: "tel",
    };
  }
}

/**
 * Of the number that a link shows and the one that it dials. Where they disagree, the target is a template's leftover:
 * people proof-read what they see. A link that shows a part of its number only was cut up by an editor.
 */
function chooseNumber(shown: PhoneNumber | null, dialled: PhoneNumber | null): PhoneNumber | null {
  if (shown === null || dialled === null) return shown ?? dialled;
  const isPart = dialled.number.includes(shown.nationalNumber);
  return isPart || sameNumber(shown, dialled) ? dialled : shown;
}

function* written(
  lines: Line[],
  countries: CountryCode[],
  thirdParties: number[],
): Generator<Sighting> {
  for (const [index, line] of lines.entries()) {
    const text = withoutBankAccounts(line.text);
    const foreignFrom = thirdParties[index] ?? Number.POSITIVE_INFINITY;
    // "Tel. 1, 2 or 3": a list goes on with the label and the country that it began with.
    let list: Sighting[] = [];
    let end = 0;
    for (const { written: candidate, index: start } of candidates(text)) {
      const gap = text.slice(end, start);
      const label = labelOf(
        end === 0 && gap.trim() === "" ? labelLine(lines[index - 1]) : gap.slice(-40),
      );
      if (label !== null || !LIST_GAP.test(gap)) list = [];
      end = start + candidate.length;
      const before = list.at(-1);
      const kind = label ?? before?.kind ?? null;
      if (kind === "other" || start >= foreignFrom || (kind === null && !looksDialled(candidate)))
        continue;
      const home = before?.number.country;
      const number = parse(
        candidate,
        home === undefined ? countries : [home, ...countries],
        kind !== null,
      );
      if (number === null || (kind === null && number.getType() === "PREMIUM_RATE")) continue;
      const confidence =
        kind === null
          ? line.region === "body" && !line.card
            ? 0.7
            : 0.8
          : number.isValid()
            ? 0.9
            : 0.7;
      const sighting: Sighting = {
        number,
        written: candidate,
        kind: kind ?? "phone",
        confidence,
        method: "text",
      };
      list.push(sighting);
      yield sighting;
    }
  }
}

/** What may stand between two numbers of a list. */
const LIST_GAP = /^\s*(?:[,;/|&]|en|und|and|or|of|oder)?\s*$/i;

/** The text of a line that may be the label of the number that begins the next one. */
function labelLine(line: Line | undefined): string {
  return line !== undefined && line.text.length < 30 && !/\d/.test(line.text)
    ? `${line.text} `
    : "";
}

/** The last label in the text before a number is the number's. */
function labelOf(before: string): Phone["kind"] | "other" | null {
  const phone = lastIndex(before, PHONE_LABEL);
  const fax = lastIndex(before, FAX_LABEL);
  const other = lastIndex(before, OTHER_LABEL);
  const last = Math.max(phone, fax, other);
  if (last < 0) return null;
  if (last === other) return "other";
  // "Tel./Fax" is both, and can be called.
  return last === fax && !(phone >= 0 && fax - phone < 8) ? "fax" : "phone";
}

function lastIndex(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].at(-1)?.index ?? -1;
}

/** An unlabelled number counts only if it is written as people write phone numbers. */
function looksDialled(candidate: string): boolean {
  if (/^\(?\s?(?:\+|00)/.test(candidate)) return true;
  if (/^\(?\s?0\d/.test(candidate)) return true;
  // North America: (703) 829-0733, 703-829-0733, 703.829.0733.
  return /^(?:1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[ .-]\d{4}$/.test(candidate);
}

/** Reads a number; `lenient` takes numbers that are only possible, since numbering plans change. */
function parse(text: string, countries: CountryCode[], lenient = true): PhoneNumber | null {
  const clean = text
    .replace(/[\u2010-\u2015]/g, "-")
    .replace(/^\s*\(\s*\+\s*(\d+)\s*\)/, "+$1 ")
    .trim();
  const readings: PhoneNumber[] = [];
  // "…-72" may be an extension or the end of a range; what is valid as a whole is read as a whole.
  const stem = clean.replace(/[-/]\s?\d{1,3}$/, "");
  for (const form of [clean, stem, ...withCallingCode(clean)]) {
    for (const country of form.startsWith("+") ? [undefined] : countries) {
      const number = parsePhoneNumberFromString(
        form,
        country === undefined ? {} : { defaultCountry: country },
      );
      if (number === undefined || PLACEHOLDER.test(number.nationalNumber)) continue;
      if (number.isValid()) return number;
      if (lenient && isPlausible(number, form)) {
        if (form === clean && stem !== clean) readings.push(number);
        else readings.unshift(number);
      }
    }
  }
  // Of merely possible readings the international one is the surest.
  return (
    readings.find((number) => number.country !== undefined && clean.startsWith("+")) ??
    readings.find((number) => number.isPossible()) ??
    readings[0] ??
    null
  );
}

/** North American numbers are merely possible whatever their digits; that says nothing. */
function isPlausible(number: PhoneNumber, form: string): boolean {
  return (
    (number.isPossible() && number.countryCallingCode !== "1") || isNearlyPossible(number, form)
  );
}

/** An international number with a digit too many or too few is a typing error, but what the company wrote. */
function isNearlyPossible(number: PhoneNumber, form: string): boolean {
  return form.startsWith("+") && /^\d{8,11}$/.test(number.nationalNumber);
}

/** "88-02-7671678" is "+880 2 7671678" with the plus forgotten. */
function withCallingCode(text: string): string[] {
  const digits = text.replace(/\D/g, "");
  return /^[1-9]/.test(text) && digits.length >= 11
    ? [`+${text}`, `+${text.replace(/[-/]\s?\d{1,3}$/, "")}`]
    : [];
}

function sameNumber(one: PhoneNumber, other: PhoneNumber): boolean {
  // "069 8700 1743-0" names the switchboard by its extension; the bare number reaches it too.
  const [short, long] = [one.number, other.number].sort((a, b) => a.length - b.length);
  return (
    long !== undefined &&
    short !== undefined &&
    long.startsWith(short) &&
    long.length - short.length <= 2
  );
}

/** One entry a number: the surest sighting's, with the way in which it reads best. */
function merge(sightings: Sighting[]): Found<Phone>[] {
  const merged: Sighting[] = [];
  for (const sighting of sightings) {
    const index = merged.findIndex((known) => sameNumber(known.number, sighting.number));
    const known = merged[index];
    if (known === undefined) merged.push(sighting);
    else {
      const surer = sighting.confidence > known.confidence ? sighting : known;
      const kind = commonKind(known.kind, sighting.kind);
      merged[index] = { ...surer, kind, written: mostReadable(known.written, sighting.written) };
    }
  }
  return merged.map(({ number, written: text, kind, confidence, method }) => ({
    e164: number.number,
    written: text,
    kind,
    confidence,
    method,
  }));
}

/** A number that is fax or WhatsApp here and phone there can be called. */
function commonKind(one: Phone["kind"], other: Phone["kind"]): Phone["kind"] {
  return one === other ? one : "phone";
}

function mostReadable(one: string, other: string): string {
  const separators = (text: string): number => text.replace(/[^ ()/.-]/g, "").length;
  return separators(other) > separators(one) ? other : one;
}

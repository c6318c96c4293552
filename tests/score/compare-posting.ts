import { canonicalUrl } from "../../functions/_shared/postings/canonical-url.ts";
import { countryCode } from "../../functions/_shared/postings/countries.ts";
import { decodeEntities, fold } from "../../functions/_shared/postings/plain-text.ts";
import type { Posting } from "../../functions/_shared/postings/posting.ts";
import { findRegion } from "../../functions/_shared/postings/regions.ts";
import type { ExpectedPosting } from "./expected-postings.ts";

/** Per field: right, wrong, or nothing to compare. */
export type Verdict = { title: boolean; company: boolean | null; location: boolean | null };

/** The posting that a truth record describes: by id or address, else by title. */
export function findPosting(
  expected: ExpectedPosting,
  postings: readonly Posting[],
): Posting | null {
  const { id, url } = expected;
  const named = postings.find(
    (posting) =>
      (id !== null && posting.externalId === id) ||
      (url && posting.url !== null && sameAddress(url, posting.url)),
  );
  return named ?? postings.find((posting) => isTitle(expected, posting)) ?? null;
}

/** The truth cuts addresses off at 110 characters. */
function sameAddress(expected: string, found: string): boolean {
  const canonical = canonicalUrl(expected) ?? expected;
  return expected.length < 110 ? canonical === found : found.startsWith(expected.slice(0, 100));
}

export function judge(expected: ExpectedPosting, posting: Posting | null): Verdict {
  return {
    title: posting !== null && isTitle(expected, posting),
    company:
      expected.company === null
        ? null
        : posting !== null && same(expected.company, posting.company.name ?? ""),
    location:
      expected.location === null ? null : posting !== null && isPlace(expected.location, posting),
  };
}

/** Equal, or — where the feed packs the company into the title — equal once the company is taken out. */
function isTitle(expected: ExpectedPosting, posting: Posting): boolean {
  const wanted = clean(expected.title ?? "");
  if (same(wanted, posting.title)) return true;
  const at = fold(wanted).indexOf(fold(posting.title));
  if (at < 0 || posting.company.name === null) return false;
  const rest = `${fold(wanted).slice(0, at)} ${fold(wanted).slice(at + fold(posting.title).length)}`;
  const company = fold(posting.company.name).split(" ");
  const left = rest.split(" ").filter((word) => word !== "" && !company.includes(word));
  return rest.trim() !== "" && left.every((word) => /^(at|bei|chez|by)$/.test(word));
}

/** The text as it is, or every part of it in what was made of it. */
function isPlace(expected: readonly string[], posting: Posting): boolean {
  const { raw, city, region, country } = posting.location;
  const wanted = clean(expected.join(", "));
  if (raw !== null && (same(wanted, raw) || fold(raw).startsWith(`${fold(wanted)} `))) return true;
  const known = [city, region, country, ...(raw ?? "").split(/[,;|]/)].map((part) =>
    fold(part ?? ""),
  );
  return wanted
    .split(/[,;|]/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .every(
      (part) =>
        known.includes(fold(part)) ||
        (country !== null && countryCode(part) === country) ||
        (region !== null && findRegion(part, country)?.name === region),
    );
}

function clean(value: string): string {
  return decodeEntities(value).replace(/\s+/g, " ").trim();
}

function same(one: string, other: string): boolean {
  return clean(one).normalize("NFC") === clean(other).normalize("NFC");
}

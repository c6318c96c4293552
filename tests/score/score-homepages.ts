import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { extractCompany } from "../../functions/_shared/providers/website/extract-company.ts";
import type { CompanyPage } from "../../functions/_shared/providers/website/found.ts";

/** One line of TRUTH.jsonl; of the ground truth only what a person read on the page counts. */
export interface HomepageEntry {
  path: string;
  ground_truth: { curated_by_reading?: CuratedHomepage };
}

export interface CuratedHomepage {
  company: string | null;
  emails: string[];
  phones: string[];
  faxes?: string[];
  address: string | null;
  socials: Record<string, string | string[]>;
  decoys_must_not_be_taken?: string[];
  /** "first 10 phones listed" means that the page has more than the list. */
  note?: string;
}

export interface FieldScore {
  field: string;
  expected: number;
  found: number;
  correct: number;
  precision: number;
  recall: number;
}

export interface HomepageScore {
  files: number;
  fields: FieldScore[];
  /** Values that the truth names as traps and that were taken all the same. */
  decoysTaken: string[];
  /** What is missing or too much, one line each. */
  differences: string[];
}

/** Scores the website reader against pages read by a person. `dir` is the folder that the paths start from. */
export async function scoreHomepages(
  entries: HomepageEntry[],
  dir: string,
): Promise<HomepageScore> {
  const tally = new Map<
    string,
    { expected: number; found: number; matched: number; correct: number }
  >();
  const score: HomepageScore = { files: 0, fields: [], decoysTaken: [], differences: [] };
  for (const { path, ground_truth } of entries) {
    const truth = ground_truth.curated_by_reading;
    if (truth === undefined) continue;
    score.files++;
    const page = extractCompany(decode(await readFile(join(dir, path))));
    for (const [field, { expected, found, same }] of Object.entries(compare(truth, page))) {
      const missed = expected.filter((value) => !found.some((candidate) => same(value, candidate)));
      const partial = field === "phones" && /first \d+ phones listed/.test(truth.note ?? "");
      const extra = partial
        ? []
        : found.filter((value) => !expected.some((wanted) => same(wanted, value)));
      const sum = tally.get(field) ?? { expected: 0, found: 0, matched: 0, correct: 0 };
      const counted = partial
        ? found.filter((value) => expected.some((wanted) => same(wanted, value)))
        : found;
      sum.expected += expected.length;
      sum.matched += expected.length - missed.length;
      sum.found += counted.length;
      sum.correct += counted.length - extra.length;
      tally.set(field, sum);
      for (const value of missed) score.differences.push(`${path}: ${field} missed ${value}`);
      for (const value of extra) score.differences.push(`${path}: ${field} too much ${value}`);
    }
    score.decoysTaken.push(...decoysTaken(truth, page).map((value) => `${path}: ${value}`));
  }
  score.fields = [...tally].map(([field, sum]) => ({
    field,
    expected: sum.expected,
    found: sum.found,
    correct: sum.correct,
    precision: sum.found === 0 ? 1 : sum.correct / sum.found,
    recall: sum.expected === 0 ? 1 : sum.matched / sum.expected,
  }));
  return score;
}

interface Comparison {
  expected: string[];
  found: string[];
  same: (expected: string, found: string) => boolean;
}

function compare(truth: CuratedHomepage, page: CompanyPage): Record<string, Comparison> {
  const equal = (one: string, other: string): boolean => one === other;
  const numbers = (kinds: string[]): string[] =>
    page.phones.filter(({ kind }) => kinds.includes(kind)).map(({ e164 }) => e164);
  return {
    company: {
      expected: truth.company === null ? [] : [truth.company],
      found: page.name === null ? [] : [page.name.value],
      same: isSameName,
    },
    emails: {
      expected: truth.emails.map((email) => email.toLowerCase()),
      found: page.emails.filter(({ method }) => method !== "guessed").map(({ address }) => address),
      same: equal,
    },
    phones: { expected: truth.phones, found: numbers(["phone", "whatsapp"]), same: isSamePhone },
    faxes: { expected: truth.faxes ?? [], found: numbers(["fax"]), same: isSamePhone },
    socials: {
      expected: Object.values(truth.socials).flat().map(profileKey),
      found: page.socials.map(({ url }) => profileKey(url)),
      same: equal,
    },
    address: {
      expected: truth.address === null ? [] : [truth.address],
      found:
        page.address === null
          ? []
          : [
              [page.address.street, page.address.postalCode, page.address.city]
                .filter(Boolean)
                .join("|"),
            ],
      same: isSameAddress,
    },
  };
}

/** Names are equal but for legal form, case and punctuation. */
function isSameName(expected: string, found: string): boolean {
  const bare = (name: string): string =>
    simplify(
      name.replace(/\b(?:gmbh|b\.?v\.?|n\.?v\.?|ltd\.?|inc\.?|llc|ag|kg|bvba|srl)(?=\W|$)/gi, ""),
    );
  return bare(expected) === bare(found);
}

/** `expected` as the page writes it, `found` in E.164; trunk zeros and a trailing extension are forgiven. */
function isSamePhone(expected: string, found: string): boolean {
  const national = expected.replace(/\(0\)/g, "").replace(/\D/g, "").replace(/^0+/, "");
  const digits = found.replace(/\D/g, "");
  return [0, 1, 2].some((extension) => {
    const stem = national.slice(0, national.length - extension);
    return stem.length >= 6 && digits.endsWith(stem);
  });
}

function profileKey(address: string): string {
  const url = new URL(address);
  const host = url.hostname
    .toLowerCase()
    .replace(/^(?:www|m|mobile|[a-z]{2})\./, "")
    .replace(/^x\.com$/, "twitter.com");
  return `${host}${url.pathname.replace(/\/+$/, "").toLowerCase()}`;
}

/** Every part that was found must stand in the expected text, and its postal code must have been found. */
function isSameAddress(expected: string, found: string): boolean {
  const wanted = simplify(expected);
  const parts = found.split("|");
  const code = /\b\d{5}\b|\b\d{4} ?[A-Z]{2}\b|,\s*(\d{4})\b/.exec(expected)?.[0];
  const codeFound = code === undefined || simplify(found).includes(simplify(code));
  const hasStreet = !/\d/.test(expected.split(",")[0] ?? "") || /\d/.test(parts[0] ?? "");
  return codeFound && hasStreet && parts.every((part) => wanted.includes(simplify(part)));
}

function decoysTaken(truth: CuratedHomepage, page: CompanyPage): string[] {
  const decoys = (truth.decoys_must_not_be_taken ?? []).map((decoy) => decoy.toLowerCase());
  const digits = decoys.join(" ; ").replace(/[ ()./-]/g, "");
  return [
    ...page.emails
      .map(({ address }) => address)
      .filter((address) => decoys.some((decoy) => decoy.includes(address))),
    ...page.phones.map(({ e164 }) => e164).filter((e164) => digits.includes(e164.slice(-7))),
    ...page.socials
      .map(({ url }) => url)
      .filter((url) => decoys.some((decoy) => decoy.includes(`${url.toLowerCase()}/`))),
    ...[page.description?.value, page.name?.value].flatMap((text) =>
      text && decoys.some((decoy) => decoy.includes(text.toLowerCase()) && text.length > 8)
        ? [text]
        : [],
    ),
  ];
}

function simplify(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/[^a-z\d]/g, "");
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8").decode(bytes);
}

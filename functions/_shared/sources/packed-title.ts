import { companyKey } from "../postings/company.ts";
import { countryCode } from "../postings/countries.ts";
import { parseWorkplace } from "../postings/location.ts";
import { fold } from "../postings/plain-text.ts";
import { findRegion } from "../postings/regions.ts";

/*
 * Many feeds pack the company into the title: "Acme: Engineer", "Engineer - Acme", "Engineer at
 * Acme", "Engineer @Acme". When an item names its company elsewhere, that name tells what to cut.
 * When none does, the feed as a whole tells: a pattern counts if nearly every title follows it,
 * and if what it would call companies are no places, departments or genders.
 */

export type PackedItem = {
  title: string;
  /** As an element or a labelled line of the item names it. */
  company: string | null;
  /** Who the feed says wrote the item: the company, or the person who typed it. */
  author: string | null;
};
export type UnpackedItem = { title: string; company: string | null };

type Split = (title: string) => { title: string; company: string } | null;

const before: Split = (title) => cut(/^(.{2,60}?):\s+(.+)$/.exec(title), 2, 1);
const afterAt: Split = (title) =>
  cut(/^(.+)\s+(?:at|bei|chez|@)\s+(\S.{0,60})$/i.exec(title), 1, 2);
const afterSign: Split = (title) => cut(/^(.+?)\s+@(\S.{0,60})$/.exec(title), 1, 2);
const afterDash: Split = (title) => cut(/^(.+)\s+[-–—|]\s+(\S.{0,60}?)$/.exec(title), 1, 2);

function cut(match: RegExpExecArray | null, title: number, company: number) {
  const [one, other] = [match?.[title]?.trim(), match?.[company]?.trim()];
  return one && other ? { title: one, company: other } : null;
}

/** Titles and companies of a whole feed. `manySites`: its items link to sites of several owners. */
export function unpackTitles(items: readonly PackedItem[], manySites: boolean): UnpackedItem[] {
  const authored = mostly(
    items,
    (item) => item.author !== null && stripCompany(item.title, item.author) !== item.title,
  );
  const named = items.map((item) => ({
    title: item.title,
    company: item.company ?? (authored ? item.author : null),
  }));
  const unnamed = named.filter((item) => item.company === null);
  const split = unnamed.length === named.length ? feedPattern(unnamed, manySites) : null;
  return named.map((item) => {
    if (item.company !== null) return { ...item, title: stripCompany(item.title, item.company) };
    return split?.(item.title) ?? item;
  });
}

function mostly<T>(items: readonly T[], test: (item: T) => boolean, share = 0.6): boolean {
  return items.length > 0 && items.filter(test).length >= items.length * share;
}

/** The pattern that nearly all titles of the feed follow, if it is one that names companies. */
function feedPattern(items: readonly UnpackedItem[], manySites: boolean): Split | null {
  if (items.length < 3) return null;
  for (const split of [afterSign, afterAt, before, afterDash]) {
    const parts = items.map((item) => split(item.title));
    if (!mostly(parts, (part) => part !== null, 0.9)) continue;
    const companies = parts.map((part) => part?.company).filter((company) => company !== undefined);
    if (mostly(companies, isNoCompany, 0.15)) continue;
    // After a dash a company's own feed puts teams and towns: only a feed of many sites is believed.
    if (split === afterDash && !manySites) continue;
    return split;
  }
  return null;
}

const departments =
  /^(engineering|sales|marketing|product|design|finance|legal|operations|people|hr|human resources|it|support|customer success|data|research|vertrieb|entwicklung|verwaltung|produktion|technik|pflege|logistik|einkauf|full time|part time|vollzeit|teilzeit|m w d|w m d|m f d|new|neu)$/;

function isNoCompany(name: string): boolean {
  return (
    departments.test(fold(name)) ||
    countryCode(name, false) !== null ||
    findRegion(name) !== null ||
    parseWorkplace(name) !== null ||
    /^\(?[mwfdxh]\s*\/\s*[mwfdxh]/i.test(name)
  );
}

/** The title without the company at its end and at its beginning, whatever stands between. */
export function stripCompany(title: string, company: string): string {
  const key = companyKey(company);
  const same = (text: string) => {
    const other = companyKey(text);
    return other.length > 1 && (other === key || (other.length > 2 && key.startsWith(other)));
  };
  let rest = title;
  for (const split of [afterSign, afterAt, afterDash]) {
    const parts = split(rest);
    if (parts !== null && same(parts.company)) {
      rest = parts.title;
      break;
    }
  }
  const lead = /^(.{2,60}?)\s*(?::|\s[-–—|])\s+(.+)$/.exec(rest);
  return lead?.[1] !== undefined && lead[2] !== undefined && same(lead[1]) ? lead[2] : rest;
}

import {
  at,
  type Fields,
  fields,
  list,
  parseJson,
  text,
} from "../../functions/_shared/sources/json.ts";
import type { TruthEntry } from "./truth.ts";

/** What the truth says of one posting; null where it says nothing to compare with. */
export type ExpectedPosting = {
  id: string | null;
  /** Beginning of its address. */
  url?: string | null;
  title: string | null;
  company: string | null;
  /** Parts of the place, each of which must be found. */
  location: string[] | null;
};

export type Expectation = {
  /** Postings in the file. */
  count: number;
  /** Entries that are no public posting: without title, prospects, unlisted. */
  passedOver: number;
  /** Postings that only a repaired data block holds: they may be found, but need not. */
  optional: number;
  /** The file must be refused, not guessed at. */
  mustRefuse: boolean;
  /** The postings the truth spells out. */
  first: ExpectedPosting[];
};

export function expectationOf(entry: TruthEntry, body: Uint8Array): Expectation {
  return entry.kind === "jsonld-html"
    ? pageExpectation(entry)
    : entry.kind === "rss"
      ? feedExpectation(entry, body)
      : boardExpectation(entry, body);
}

function boardExpectation({ kind, truth }: TruthEntry, body: Uint8Array): Expectation {
  const all = number(truth.jobs);
  const passedOver =
    number(truth.missing_title) +
    number(truth.unlisted) +
    (kind === "greenhouse" ? prospects(body) : 0);
  const first = records(truth.first3)
    .map((record) => boardPosting(record, truth))
    .filter((posting) => posting.title !== null);
  return { count: all - passedOver, passedOver, optional: 0, mustRefuse: false, first };
}

/** The truth counts Greenhouse's prospect posts as jobs; the vendor marks them by a null id. */
function prospects(body: Uint8Array): number {
  const value = parseJson(new TextDecoder().decode(body));
  const jobs = Array.isArray(value) ? value : list(at(value, "jobs"));
  return jobs.map(fields).filter((job) => job?.internal_job_id === null).length;
}

function boardPosting(record: Fields, truth: Fields): ExpectedPosting {
  const place = fields(record.location);
  const whole = words(record.location ?? record.office);
  const parts = [
    record.city,
    place?.city,
    place === null ? record.region : place.region,
    place?.country ?? record.country,
  ]
    .map(text)
    .filter((part) => part !== null);
  return {
    id: text(record.id) ?? text(record.shortcode),
    title: text(record.title) ?? text(record.name),
    company:
      text(record.company_name) ??
      text(record.company) ??
      text(record.subcompany) ??
      text(truth.account),
    location: whole ?? (parts.length > 0 ? parts : null),
  };
}

function words(value: unknown): string[] | null {
  const all = (Array.isArray(value) ? value : [value]).map(text).filter((part) => part !== null);
  return all.length === 0 ? null : all;
}

function pageExpectation({ truth, note }: TruthEntry): Expectation {
  const linked = number(truth.jobpostings_lenient);
  const marked = number(truth.microdata_jobpostings);
  // RDFa is not counted by the truth, but told by its note ("1 job in RDFa").
  const rdfa = number(/(\d+) jobs? in RDFa/i.exec(note)?.[1]);
  const broken = records(truth.ld_invalid).filter((block) => block.mentions_JobPosting === true);
  const first = [
    ...records(truth.first3).map((record) => ({
      id: null,
      title: text(record.title),
      company: text(record.company),
      location: words(record.location),
    })),
    ...records(truth.microdata_first).map((record) => markedPosting(record)),
  ];
  // The same posting is often in both forms: then the larger number is what there is.
  const count = Math.max(linked, marked, rdfa);
  return {
    count,
    passedOver: 0,
    optional: broken.length,
    mustRefuse: false,
    first: first.filter((one) => one.title !== null),
  };
}

function markedPosting(record: Fields): ExpectedPosting {
  const parts = [list(record.addressLocality)[0], list(record.addressRegion)[0]]
    .map(text)
    .filter((part) => part !== null);
  return {
    id: null,
    title: text(list(record.title)[0]),
    company: text(list(record.name)[0]),
    location: parts.length > 0 ? parts : null,
  };
}

function feedExpectation({ truth, note }: TruthEntry, body: Uint8Array): Expectation {
  const count = number(truth.items ?? truth.item_count_regex);
  // What does not even begin like XML or JSON is no feed, whatever a regular expression finds in it.
  const mustRefuse = !/^[\uFEFF\s]*[<[{]/.test(new TextDecoder().decode(body.subarray(0, 200)));
  const passedOver = number(truth.missing_title);
  const first = records(truth.first).map((record) => feedPosting(record, note));
  const titles = list(truth.first_titles_regex).map((title) => feedPosting({ title }, note));
  return {
    count: mustRefuse ? 0 : count - passedOver,
    passedOver,
    optional: 0,
    mustRefuse,
    first: mustRefuse ? [] : [...first, ...titles].filter((one) => one.title !== null),
  };
}

function feedPosting(record: Fields, note: string): ExpectedPosting {
  const title = text(record.title) ?? text(record.name);
  const parts = [record.city, record.state, record.country]
    .map(text)
    .filter((part) => part !== null);
  return {
    id: text(record.referencenumber) ?? text(record.guid),
    url: text(record.url) ?? text(record.link),
    title,
    company: text(record.company) ?? packedCompany(title, note) ?? text(record.author),
    location: words(record.location) ?? (text(record.city) !== null ? parts : words(record.region)),
  };
}

/** The notes tell how titles are packed: title is "Company: Title". */
function packedCompany(title: string | null, note: string): string | null {
  const template = /title is "([^"]*(?:Company[^"]*Title|Title[^"]*Company)[^"]*)"/.exec(note)?.[1];
  if (template === undefined || title === null) return null;
  const companyFirst = template.indexOf("Company") < template.indexOf("Title");
  const between =
    template.replace("Company", "\u0000").replace("Title", "\u0000").split("\u0000")[1] ?? "";
  const cut = companyFirst ? title.indexOf(between) : title.lastIndexOf(between);
  if (cut < 0) return null;
  return companyFirst ? title.slice(0, cut) : title.slice(cut + between.length);
}

function records(value: unknown): Fields[] {
  return list(value)
    .map(fields)
    .filter((record) => record !== null);
}

function number(value: unknown): number {
  const count = Number(value ?? 0);
  return Number.isFinite(count) ? count : 0;
}

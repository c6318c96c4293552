import { buildPosting, type PostingDraft, withCompany } from "../postings/build-posting.ts";
import { canonicalUrl } from "../postings/canonical-url.ts";
import { registrableDomain } from "../postings/company.ts";
import { separateOpenings } from "../postings/dedupe-key.ts";
import { describe } from "../postings/description.ts";
import { cleanLine } from "../postings/plain-text.ts";
import type { Posting } from "../postings/posting.ts";
import { parseSalaryText } from "../postings/salary.ts";
import type { ParseContext } from "./board-page.ts";
import { bodyText } from "./body-text.ts";
import { type FeedDocument, readFeedDocument } from "./feed-items.ts";
import { text } from "./json.ts";
import { labelledLine } from "./labelled-lines.ts";
import { draftFromRecord } from "./loose-record.ts";
import { unpackTitles } from "./packed-title.ts";
import { request } from "./request.ts";
import { type Source, type SourceRef, stepResult } from "./source.ts";
import { UnreadableXml } from "./xml.ts";

export type Feed = {
  postings: Posting[];
  entries: number;
  /** The company whose own feed this is; null for job boards. */
  company: string | null;
  nextUrl: string | null;
  /** False when nothing in the feed speaks of jobs: a blog's feed, say. */
  aboutJobs: boolean;
};

/** Reads RSS, Atom, JSON feeds and the XML exports of job sites. Throws `UnreadableXml`. */
export function parseFeed(body: Uint8Array, from: ParseContext): Feed {
  const document = readFeedDocument(bodyText(body, from.contentType));
  const aboutJobs = document.items.length === 0 || speaksOfJobs(document, from.url);
  const drafts = document.items.map((item) => ({ item, draft: draftFromRecord(item) }));
  const texts = drafts.map(({ draft }) => describe(draft.description).text);
  const packed = drafts.map(({ item, draft }, index) => ({
    title: cleanLine(draft.title, 400) ?? "",
    company:
      cleanLine(draft.company?.name, 200) ??
      cleanLine(labelledLine(texts[index] ?? "", "company"), 200),
    author: cleanLine(item.author ?? item.creator, 100),
  }));
  const sites = new Set(drafts.map(({ draft }) => registrableDomain(draft.url)));
  const unpacked = unpackTitles(packed, sites.size >= 3);
  const company = unpacked.some((item) => item.company !== null) ? null : ownerOf(document);
  const context = { base: from.url, ...(from.now === undefined ? {} : { now: from.now }) };
  const postings = drafts.map(({ draft }, index) => {
    const { title, company: name } = unpacked[index] ?? { title: draft.title, company: null };
    const full = { ...withLabels(draft, texts[index] ?? ""), title };
    const url = draft.company?.url ?? labelledLine(texts[index] ?? "", "companyUrl");
    return buildPosting(
      { ...full, company: { ...draft.company, url, name: name ?? company } },
      context,
    );
  });
  return {
    postings: aboutJobs ? postings.filter((posting) => posting !== null) : [],
    entries: document.items.length,
    company,
    nextUrl: canonicalUrl(document.nextUrl, from.url),
    aboutJobs,
  };
}

/** Place, salary and type that only the text says. */
function withLabels(draft: PostingDraft, description: string): PostingDraft {
  const { city, raw, region, country } = draft.location ?? {};
  const placed = [city, raw, region, country].some((part) => text(part) !== null);
  return {
    ...draft,
    location: placed
      ? (draft.location ?? {})
      : { ...draft.location, raw: labelledLine(description, "location") },
    salary: draft.salary ?? parseSalaryText(labelledLine(description, "salary")),
    employmentType: draft.employmentType ?? labelledLine(description, "type"),
  };
}

const jobWords =
  /(?<!\p{L})(jobs?|careers?|vacanc\p{L}*|hiring|positions?|openings?|karri[eè]re\p{L}*|stellen\p{L}*|emplois?|recrutement|empleos?|vacatures?|lavor\p{L}*|prac[ayeę]|oferty|kari[eé]ra|jobb|lediga?|stilling\p{L}*|ty[oö]paik\p{L}*|[aá]ll[aá]s\p{L}*|iş ilan\p{L}*|вакансі?[ия]\p{L}*|работа|recruit\p{L}*|work with us)(?!\p{L})|求人|採用|招聘|职位|채용/iu;
const roleWords =
  /\((?:[mwfdxh]\s*[/|]\s*){1,3}[mwfdxh]\)|\b[mfh]\/[fhmwd]\b|\b(engineer|developer|manager|director|officer|assistant|analyst|consultant|designer|nurse|teacher|technician|specialist|accountant|administrator|representative|intern|entwickler\w*|ingenieur\w*|mitarbeiter\w*|sachbearbeiter\w*|leiter\w*|d[ée]veloppeur|ing[ée]nieur|responsable|charg[ée]e?|medewerker|adviseur|undersköterska|sjuksköterska|specjalista|programista)\b/i;

/** A feed of jobs says so in its title, its address, or its items' addresses, fields and titles. */
function speaksOfJobs(document: FeedDocument, url: string): boolean {
  const spoken = [document.title, document.description, document.siteUrl, url].join(" ");
  if (jobWords.test(spoken.replace(/[-_/.]/g, " "))) return true;
  const jobLike = document.items.filter((item) => {
    const address = String(item.link ?? item.url ?? "").replace(/[-_/.]/g, " ");
    const named = item.company !== undefined || item.jobtype !== undefined;
    return named || jobWords.test(address) || roleWords.test(text(item.title ?? item.name) ?? "");
  });
  return jobLike.length * 3 > document.items.length;
}

/** "Careers on Acme", "Acme Jobs", "Stellenangebote bei Acme | Slogan" → "Acme". */
function ownerOf(document: FeedDocument): string | null {
  const title = cleanLine(document.title, 200)?.split(/\s+(?:[|–—·»-]|::)\s+/)[0];
  if (title === undefined) return null;
  const name = title
    .replace(
      /^(?:(?:open|current|latest|recent)\s+)?(?:jobs?|careers?|vacancies|positions|stellenangebote|offene stellen|karriere|emplois?|offres d['’]emploi|vacatures)\s+(?:on|at|bei|chez|in|by|of|from|@)\s+/i,
      "",
    )
    .replace(
      /\s*[-:|]?\s*(?:jobs?|careers?|vacancies|stellenangebote|karriere|job ?board|rss|feed)(?:\s+(?:feed|rss))?$/i,
      "",
    )
    .trim();
  return name === "" || jobWords.test(name) ? null : name;
}

/** Pages of a feed (RFC 5005) that are followed. */
const maxPages = 50;

export const feed: Source = {
  kind: "feed",
  detect(input) {
    const url = canonicalUrl(input);
    if (url === null || !isFeedAddress(new URL(url))) return null;
    return feedRef(url);
  },
  plan: () => ({
    requests: 1,
    seconds: 3,
    costUsd: null,
    note: "one request, more for a paged feed",
  }),
  async step(ctx, ref, checkpoint) {
    const url = text(checkpoint?.url) ?? ref.target;
    const page = Number(checkpoint?.page ?? 1);
    const foundBefore = Number(checkpoint?.found ?? 0);
    const what = `The feed at ${URL.parse(ref.target)?.host ?? ref.target}`;
    const stopped = { step: "stopped", done: foundBefore, total: null };
    const answer = await request(ctx, url, what);
    if (answer.page === null) return stepResult(stopped, { ...answer.refusal, errors: 1 });
    let read: Feed;
    try {
      read = parseFeed(answer.page.body, { ...answer.page, now: ctx.clock.now() });
    } catch (error) {
      if (!(error instanceof UnreadableXml)) throw error;
      return stepResult(stopped, {
        outcome: "failed",
        message: `${what} cannot be read: ${error.message}.`,
        errors: 1,
      });
    }
    if (!read.aboutJobs) {
      return stepResult(stopped, {
        outcome: "failed",
        message: `${what} has ${read.entries} entries, but none that looks like a job.`,
      });
    }
    const known = ref.company ?? { name: null, domain: null };
    const postings = separateOpenings(read.postings.map((posting) => withCompany(posting, known)));
    const found = foundBefore + postings.length;
    const progress = { step: `page ${page}`, done: found, total: null };
    const more = read.nextUrl !== null && read.nextUrl !== url && read.entries > 0;
    if (more && page < maxPages) {
      return stepResult(progress, { postings, next: { url: read.nextUrl, page: page + 1, found } });
    }
    return stepResult(
      { ...progress, total: found },
      {
        postings,
        outcome: found > 0 ? "found" : "zero",
        message: found > 0 ? null : `${what} has no entries at the moment.`,
        exhaustive: !more,
      },
    );
  },
};

export function feedRef(url: string): SourceRef {
  const { host, pathname } = new URL(url);
  return {
    kind: "feed",
    key: `feed:${url.slice(0, 300)}`,
    label: `${host}${pathname} (feed)`.slice(0, 200),
    target: url,
  };
}

function isFeedAddress(url: URL): boolean {
  if (/sitemap[^/]*\.xml$/i.test(url.pathname)) return false;
  return (
    /\.(xml|rss|atom|rdf)$/i.test(url.pathname) ||
    /\/(feed|rss|atom)s?\/?$/i.test(url.pathname) ||
    /^(rss2?|atom|feed)$/i.test(
      url.searchParams.get("feed") ?? url.searchParams.get("format") ?? "",
    )
  );
}

import { canonicalUrl, webUrl } from "./canonical-url.ts";
import { type CompanyDraft, companyKey, isNamedAfter, readCompany } from "./company.ts";
import { parseDate } from "./dates.ts";
import { dedupeKey } from "./dedupe-key.ts";
import { describe } from "./description.ts";
import { parseEmploymentType } from "./employment-type.ts";
import { type LocationDraft, parseLocation, parseWorkplace } from "./location.ts";
import { cleanLine } from "./plain-text.ts";
import type { Posting, Salary } from "./posting.ts";

/** What a parser read, not yet normalised; everything may be missing or of the wrong type. */
export type PostingDraft = {
  externalId?: unknown;
  url?: unknown;
  applyUrl?: unknown;
  title?: unknown;
  company?: CompanyDraft;
  location?: LocationDraft;
  employmentType?: unknown;
  department?: unknown;
  salary?: Salary | null;
  postedAt?: unknown;
  validThrough?: unknown;
  /** HTML, HTML escaped as entities, or plain text. */
  description?: unknown;
};

/**
 * The one way a posting comes into being. Null without a title: such a thing is no posting.
 * `base` resolves relative addresses; `now` (ms) resolves "3 days ago".
 */
export function buildPosting(
  draft: PostingDraft,
  context: { base?: string | null; now?: number } = {},
): Posting | null {
  const title = cleanLine(draft.title, 200);
  if (title === null) return null;
  const base = context.base ?? null;
  const location = parseLocation(draft.location ?? {});
  // "Backend Engineer - Remote" says it only in the title.
  if (location.workplace === null && location.city === null)
    location.workplace = parseWorkplace(title);
  const description = describe(draft.description);
  const posting = {
    externalId: cleanLine(draft.externalId, 200),
    url: canonicalUrl(draft.url, base),
    applyUrl: webUrl(draft.applyUrl, base),
    title,
    company: readCompany(draft.company ?? {}, base),
    location,
    employmentType: parseEmploymentType(draft.employmentType),
    department: cleanLine(draft.department, 100),
    salary: draft.salary ?? null,
    postedAt: parseDate(draft.postedAt, context.now),
    validThrough: parseDate(draft.validThrough, context.now),
    descriptionHtml: description.html,
    descriptionText: description.text,
  };
  return { ...posting, dedupeKey: dedupeKey(posting) };
}

/**
 * Fills in the company that the posting's own data leaves open, and keys the posting anew. A known
 * domain is only given to a posting that names its company if the two belong together: a job board
 * is not the employer of what it lists.
 */
export function withCompany(
  posting: Posting,
  known: { name: string | null; domain: string | null },
): Posting {
  const { name, domain } = posting.company;
  if (name !== null && (domain !== null || !isCalled(name, known))) return posting;
  const company = {
    ...posting.company,
    name: name ?? known.name,
    domain: domain ?? known.domain,
  };
  const filled = { ...posting, company };
  return { ...filled, dedupeKey: dedupeKey(filled) };
}

function isCalled(name: string, known: { name: string | null; domain: string | null }): boolean {
  if (known.name !== null && companyKey(known.name) === companyKey(name)) return true;
  return known.domain !== null && isNamedAfter(name, known.domain);
}

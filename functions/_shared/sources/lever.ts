import { buildPosting } from "../postings/build-posting.ts";
import { readSalary } from "../postings/salary.ts";
import { type Board, boardSource } from "./board.ts";
import { type BoardPage, entriesOf, type ParseContext, wholePage } from "./board-page.ts";
import { pathSegment } from "./endpoints.ts";
import { at, type Fields, fields, list, text } from "./json.ts";

/** Lever's postings API (github.com/lever/postings-api): a bare array, paged by skip and limit. */
export function parseLever(body: Uint8Array, from: ParseContext): BoardPage {
  // Grouped by team, each entry holds a list of its own (`group=team`).
  const entries = entriesOf(body, "data", "postings").flatMap((entry) => {
    const grouped = at(entry, "postings");
    return Array.isArray(grouped) ? grouped : [entry];
  });
  return wholePage(entries, (job) => toPosting(job, from));
}

function toPosting(job: Fields, from: ParseContext) {
  const categories = fields(job.categories) ?? {};
  const range = fields(job.salaryRange) ?? {};
  return buildPosting(
    {
      externalId: job.id,
      url: job.hostedUrl,
      applyUrl: job.applyUrl,
      title: job.text,
      location: {
        raw: locationText(categories),
        country: job.country,
        workplace: job.workplaceType,
      },
      employmentType: categories.commitment,
      department: text(categories.department) ?? categories.team,
      salary: readSalary({
        min: range.min,
        max: range.max,
        currency: range.currency,
        period: range.interval,
      }),
      postedAt: job.createdAt,
      description: descriptionOf(job),
    },
    { base: from.url },
  );
}

/** The location is a text, in some exports a list; other places follow behind it. */
function locationText(categories: Fields): string | null {
  const main = list(categories.location).map(text).join(", ") || text(categories.location);
  const all = list(categories.allLocations)
    .map(text)
    .filter((place) => place !== null);
  const others = all.filter((place) => place !== main);
  return [main, ...others].filter((place) => place !== null).join("; ") || null;
}

/** The text comes in parts: opening, lists with their headings, closing. */
function descriptionOf(job: Fields): string | null {
  const main = text(job.description) ?? text(job.descriptionPlain);
  const lists = list(job.lists).map((entry) => {
    const content = text(at(entry, "content")) ?? "";
    return `<h3>${text(at(entry, "text")) ?? ""}</h3><ul>${content}</ul>`;
  });
  const parts = [main, ...lists, text(job.additional)].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join("\n");
}

const pageSize = 100;

export const leverBoard: Board = {
  kind: "lever",
  vendor: "Lever",
  pageSize,
  find(url) {
    const host = /^(?:jobs|api)(\.eu)?\.lever\.co$/.exec(url.hostname);
    const token = /^\/(?:v0\/postings\/)?([^/]+)/.exec(url.pathname)?.[1];
    if (host === null || token === undefined) return null;
    return host[1] === undefined ? { token } : { token, options: { eu: true } };
  },
  listUrl(endpoints, ref, offset) {
    const base = ref.options?.eu === true ? endpoints.lever_eu : endpoints.lever;
    return `${base}/v0/postings/${pathSegment(ref.target)}?mode=json&skip=${offset}&limit=${pageSize}`;
  },
  parse: parseLever,
};

export const lever = boardSource(leverBoard);

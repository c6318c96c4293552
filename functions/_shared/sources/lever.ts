import { buildPosting } from "../postings/build-posting.ts";
import { readSalary } from "../postings/salary.ts";
import {
  type Board,
  type BoardPage,
  boardSource,
  NotThisBoard,
  type ParseContext,
} from "./board.ts";
import { at, type Fields, fields, list, parseJson, text } from "./json.ts";

/** Lever's postings API (github.com/lever/postings-api): a bare array, paged by skip and limit. */
export function parseLever(body: Uint8Array, from: ParseContext): BoardPage {
  const value = parseJson(new TextDecoder().decode(body));
  if (!Array.isArray(value)) throw new NotThisBoard();
  const postings = value
    .map((entry) => {
      const job = fields(entry);
      return job === null ? null : toPosting(job, from);
    })
    .filter((posting) => posting !== null);
  return {
    postings,
    skipped: value.length - postings.length,
    total: null,
    entries: value.length,
  };
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
    return `${base}/v0/postings/${ref.target}?mode=json&skip=${offset}&limit=${pageSize}`;
  },
  parse: parseLever,
};

export const lever = boardSource(leverBoard);

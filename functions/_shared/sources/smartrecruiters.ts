import { buildPosting } from "../postings/build-posting.ts";
import type { Posting } from "../postings/posting.ts";
import { type Board, detectBoard, finishPostings, listStep } from "./board.ts";
import {
  type BoardPage,
  entriesOf,
  NotThisBoard,
  type ParseContext,
  wholePage,
} from "./board-page.ts";
import { pathSegment } from "./endpoints.ts";
import { at, type Fields, fields, list, parseJson, text } from "./json.ts";
import { request } from "./request.ts";
import {
  type Checkpoint,
  type Source,
  type SourceContext,
  type SourceRef,
  type StepResult,
  stepResult,
} from "./source.ts";

/** The API's own maximum. */
const pageSize = 100;
/** Texts are one request each: so many a step, and so many a run. */
const textsPerStep = 10;
const maxTexts = 500;

/**
 * SmartRecruiters' posting API (developers.smartrecruiters.com): a page of the list
 * (`{offset, limit, totalFound, content}`) or the details of a single posting.
 */
export function parseSmartRecruiters(body: Uint8Array, from: ParseContext): BoardPage {
  const value = fields(parseJson(new TextDecoder().decode(body)));
  const isDetail = value !== null && value.content === undefined && text(value.id) !== null;
  const entries = isDetail ? [value] : entriesOf(body, "content");
  const page = wholePage(entries, (entry) => toPosting(entry, from));
  return { ...page, total: typeof value?.totalFound === "number" ? value.totalFound : null };
}

function toPosting(entry: Fields, from: ParseContext): Posting | null {
  const place = fields(entry.location) ?? {};
  const id = text(entry.id);
  // The list names no page; the public one is /{company}/{id}, not the API's address.
  const company =
    text(at(entry.company, "identifier")) ??
    /\/companies\/([^/]+)\/postings/.exec(text(entry.ref) ?? from.url)?.[1] ??
    null;
  const page = company === null ? null : `https://jobs.smartrecruiters.com/${company}/${id}`;
  return buildPosting(
    {
      externalId: id,
      url: text(entry.postingUrl) ?? (id === null ? null : page),
      applyUrl: entry.applyUrl,
      title: entry.name,
      company: { name: at(entry.company, "name") },
      location: {
        raw: text(place.fullLocation)?.replace(/(,\s*)+/g, ", "),
        city: place.city,
        region: place.region,
        country: text(place.countryCode) ?? place.country,
        workplace: place.hybrid === true ? "hybrid" : null,
        remote: place.remote,
      },
      employmentType: [at(entry.typeOfEmployment, "label"), at(entry.typeOfEmployment, "id")],
      department: text(at(entry.department, "label")) ?? at(entry.function, "label"),
      postedAt: entry.releasedDate,
      description: sections(entry),
    },
    { base: from.url },
  );
}

function sections(entry: Fields): string {
  const all = fields(at(entry.jobAd, "sections")) ?? {};
  return ["companyDescription", "jobDescription", "qualifications", "additionalInformation"]
    .map((name) => {
      const heading = text(at(all[name], "title"));
      const content = text(at(all[name], "text"));
      return content === null ? "" : `<h3>${heading ?? ""}</h3>${content}`;
    })
    .join("");
}

export const smartRecruitersBoard: Board = {
  kind: "smartrecruiters",
  vendor: "SmartRecruiters",
  pageSize,
  find(url) {
    const path = /^(careers|jobs|www)\.smartrecruiters\.com$/.test(url.hostname)
      ? /^\/(?!external-referrals|oneclick-ui|job|account)([^/]+)/
      : url.hostname === "api.smartrecruiters.com"
        ? /^\/v1\/companies\/([^/]+)/
        : null;
    const token = path?.exec(url.pathname)?.[1];
    return token === undefined ? null : { token };
  },
  listUrl: (endpoints, ref, offset) =>
    `${postingsUrl(endpoints.smartrecruiters, ref)}?limit=${pageSize}&offset=${offset}`,
  parse: parseSmartRecruiters,
};

function postingsUrl(endpoint: string, ref: SourceRef): string {
  return `${endpoint}/v1/companies/${pathSegment(ref.target)}/postings`;
}

/**
 * First the list, page by page, so that rows arrive early; then, page by page again, the texts,
 * which the list lacks. `list` is the list's checkpoint, `ids` are postings whose text is missing.
 */
async function step(
  ctx: SourceContext,
  ref: SourceRef,
  checkpoint: Checkpoint | null,
): Promise<StepResult> {
  if (Array.isArray(checkpoint?.ids)) return textsStep(ctx, ref, checkpoint);
  const result = await listStep(smartRecruitersBoard, ctx, ref, checkpoint);
  if (result.outcome === "zero") return await emptyBoard(ctx, ref, result);
  const texts = Number(checkpoint?.texts ?? 0);
  const ids = result.postings
    .map((posting) => posting.externalId)
    .filter((id) => id !== null)
    .slice(0, maxTexts - texts);
  if (ids.length === 0 || result.outcome === "failed") {
    return result.next === null ? result : { ...result, next: { ...result.next, texts } };
  }
  const found = Number(checkpoint?.found ?? 0) + result.postings.length;
  const next = {
    ids,
    list: result.next,
    found,
    texts: texts + ids.length,
    total: result.progress.total,
  };
  return { ...result, next, outcome: null, message: null, exhaustive: false };
}

async function textsStep(
  ctx: SourceContext,
  ref: SourceRef,
  checkpoint: Checkpoint,
): Promise<StepResult> {
  const ids = list(checkpoint.ids)
    .map(text)
    .filter((id) => id !== null);
  const found = Number(checkpoint.found ?? 0);
  const total = Number(checkpoint.total ?? found);
  const log: StepResult["log"] = [];
  const postings: Posting[] = [];
  for (const id of ids.slice(0, textsPerStep)) {
    const url = `${postingsUrl(ctx.endpoints.smartrecruiters, ref)}/${encodeURIComponent(id)}`;
    const answer = await request(ctx, url, `The SmartRecruiters posting ${id}`);
    if (answer.page === null) log.push({ level: "warning", message: answer.refusal.message });
    else postings.push(...readDetail(answer.page));
  }
  const rest = ids.slice(textsPerStep);
  const parts = { postings: finishPostings(postings, ref), log, errors: log.length };
  const progress = { step: `texts of ${found - rest.length}/${total}`, done: found, total };
  const resumed = fields(checkpoint.list);
  if (rest.length > 0)
    return stepResult(progress, { ...parts, next: { ...checkpoint, ids: rest } });
  if (resumed === null)
    return stepResult(progress, { ...parts, outcome: "found", exhaustive: true });
  const next = { offset: Number(resumed.offset), found, texts: Number(checkpoint.texts ?? 0) };
  return stepResult(progress, { ...parts, next });
}

function readDetail(page: {
  body: Uint8Array;
  url: string;
  contentType: string | null;
}): Posting[] {
  try {
    return parseSmartRecruiters(page.body, page).postings;
  } catch (error) {
    if (error instanceof NotThisBoard) return [];
    throw error;
  }
}

/**
 * The API answers an empty list for companies it has never heard of, too. Their careers page tells
 * them apart; without it (another endpoint is set), an empty list is an empty board.
 */
async function emptyBoard(
  ctx: SourceContext,
  ref: SourceRef,
  result: StepResult,
): Promise<StepResult> {
  const base = ctx.endpoints.smartrecruiters_careers;
  if (base === "") return result;
  const what = `The SmartRecruiters board “${ref.target}”`;
  const answer = await request(ctx, `${base}/${pathSegment(ref.target)}`, what);
  if (answer.refusal?.outcome !== "unknown") return result;
  return { ...result, outcome: "unknown", message: answer.refusal.message, exhaustive: false };
}

export const smartrecruiters: Source = {
  kind: "smartrecruiters",
  detect: (input) => detectBoard(smartRecruitersBoard, input),
  plan: () => ({
    requests: 20,
    seconds: 10,
    costUsd: null,
    note: "one request per 100 postings, and one for the text of each",
  }),
  step,
};

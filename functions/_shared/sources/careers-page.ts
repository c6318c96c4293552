import { withCompany } from "../postings/build-posting.ts";
import { separateOpenings } from "../postings/dedupe-key.ts";
import type { Posting } from "../postings/posting.ts";
import { brokenLines, companyName, companyOf, embeddedBoard, kindOf } from "./careers-site.ts";
import { crawlLinks, isJobAddress } from "./crawl-links.ts";
import {
  type CrawlState,
  crawlCheckpointSchema,
  type Delegate,
  enqueue,
  type Queued,
  startSecondRound,
  startState,
  toCheckpoint,
  upcoming,
} from "./crawl-state.ts";
import { boards, careersPageRef, detectBoards } from "./detect-source.ts";
import { feed } from "./feed.ts";
import { type Page, readPage } from "./page.ts";
import { request } from "./request.ts";
import { parseSitemap, type Sitemap } from "./sitemap.ts";
import {
  type FetchedPage,
  type LogLine,
  type Source,
  type SourceContext,
  SourceError,
  type SourceRef,
  type StepResult,
  stepResult,
} from "./source.ts";
import { UnreadableXml } from "./xml.ts";

/** A step ends after so many pages or, at the latest, so many ms: then what it found is committed. */
const pagesPerStep = 24;
const stepMs = 5_000;
/** Requests under way at once; the fetcher holds them back where a host wants fewer. */
const parallel = 4;
/** Home page → careers page → category → posting. */
const maxDepth = 3;
/** So many job-like pages without a single posting are enough. */
const fruitlessPages = 60;

/**
 * A company's own website: postings by JSON-LD, microdata and RDFa on the page, on its further
 * pages and on the detail pages of the same site; a job board it embeds is read instead, as is a
 * sitemap or a feed where the page itself leads nowhere.
 */
export const careersPage: Source = {
  kind: "careers_page",
  detect: careersPageRef,
  plan: () => ({
    requests: 20,
    seconds: 30,
    costUsd: null,
    note: "about one request a second on each site: the page, its further pages, and each posting",
  }),
  async step(ctx, ref, checkpoint) {
    if (checkpoint === null) return await firstStep(ctx, ref);
    const { crawl, delegate } = crawlCheckpointSchema.parse(checkpoint);
    return delegate === undefined
      ? await crawlStep(ctx, ref, crawl)
      : await delegatedStep(ctx, ref, crawl, delegate);
  },
};

async function firstStep(ctx: SourceContext, ref: SourceRef): Promise<StepResult> {
  const what = `The page ${ref.label}`;
  const stopped = { step: "stopped", done: 0, total: null };
  const answer = await request(ctx, ref.target, what);
  if (answer.page === null) return stepResult(stopped, { ...answer.refusal, errors: 1 });
  const { page: fetched } = answer;
  const state = startState(ref.company ?? { name: null, domain: null });
  const kind = kindOf(fetched);
  if (kind === "sitemap") {
    const map = readSitemap(fetched);
    followSitemap(state, map, ref, map.pages.some(isJobAddress) ? isJobAddress : () => true);
    return advance(ctx, ref, state, { postings: [], log: [] });
  }
  if (kind === "feed")
    return await delegatedStep(ctx, ref, state, { input: fetched.url, inner: null });
  if (kind === "other") {
    const message = `${what} is no web page: it came as ${fetched.contentType ?? "unknown data"}.`;
    return stepResult(stopped, { outcome: "failed", message, errors: 1 });
  }

  const page = readPage(fetched.body, fetched, ctx.clock.now());
  state.company = companyOf(page, ref);
  if (sameOrigin(page.url, ref.target)) enqueue(state, [page.url], 0, originOf(ref));
  state.at = state.urls.length;
  const postings = take(state, page, 0);
  harvest(state, page, ref, 0);
  const board = postings.length === 0 ? embeddedBoard(page) : null;
  if (board !== null) {
    const log: LogLine[] = [
      { level: "info", message: `The page uses ${board.label}; reading that.` },
    ];
    return advance(ctx, ref, state, { postings, log }, { input: board.input, inner: null });
  }
  if (postings.length === 0 && state.at === state.urls.length) {
    if (page.asksForLogin) {
      const message = `${what} asks for a login. OTIS reads public pages only.`;
      return stepResult(stopped, { outcome: "failed", message, errors: 1 });
    }
    const announced = page.feeds.find(isJobAddress);
    if (announced !== undefined) {
      return advance(ctx, ref, state, { postings, log: [] }, { input: announced, inner: null });
    }
  }
  return advance(ctx, ref, state, { postings, log: brokenLines(page) });
}

/** One step of the board or feed the site embeds; if there is none after all, the crawl goes on. */
async function delegatedStep(
  ctx: SourceContext,
  ref: SourceRef,
  state: CrawlState,
  delegate: Delegate,
): Promise<StepResult> {
  const board = detectBoards(delegate.input);
  const source = boards.find((candidate) => candidate.kind === board?.kind) ?? feed;
  const target = board ?? { ...ref, kind: "feed" as const, target: delegate.input };
  // The employer is known from its own site, better than by the board's token.
  const company = { name: state.company.name ?? companyName(ref), domain: state.company.domain };
  const result = await source.step(ctx, { ...target, company }, delegate.inner);
  if (result.next !== null) {
    return { ...result, next: toCheckpoint(state, { input: delegate.input, inner: result.next }) };
  }
  if (result.outcome === "found" || state.at >= state.urls.length) return result;
  const log: LogLine[] = [
    { level: "warning", message: result.message ?? "The job board is empty." },
  ];
  return advance(ctx, ref, state, { postings: result.postings, log });
}

/** Reads pages until the step is long enough. What fails for now is tried once more at the end. */
async function crawlStep(
  ctx: SourceContext,
  ref: SourceRef,
  state: CrawlState,
): Promise<StepResult> {
  if (state.at >= state.urls.length || isFruitless(state)) return await lastResort(ctx, ref, state);
  const until = ctx.clock.now() + stepMs;
  const postings: Posting[] = [];
  const log: LogLine[] = [];
  let pages = 0;
  while (pages < pagesPerStep && (pages === 0 || ctx.clock.now() < until)) {
    const batch = upcoming(state, parallel, originOf(ref));
    if (batch.length === 0) break;
    const read = await Promise.all(batch.map((queued) => readQueued(ctx, queued)));
    const limited = read.find((one) => one.kind === "later" && one.error.code === "rate_limited");
    if (limited?.kind === "later") {
      if (pages === 0) throw limited.error;
      break;
    }
    for (const one of read) {
      state.at++;
      if (one.kind === "page") {
        postings.push(...take(state, one.page, one.queued.depth));
        harvest(state, one.page, ref, one.queued.depth);
        log.push(...brokenLines(one.page));
      } else if (one.kind === "later" && !state.secondRound) state.again.push(state.at - 1);
      else if (one.kind !== "gone") {
        state.gaps++;
        log.push({ level: "warning", message: one.error.message });
      }
    }
    pages += batch.length;
  }
  return advance(ctx, ref, state, { postings, log });
}

type ReadPage = { queued: Queued } & (
  | { kind: "page"; page: Page }
  | { kind: "gone" }
  | { kind: "failed"; error: { message: string } }
  | { kind: "later"; error: SourceError }
);

async function readQueued(ctx: SourceContext, queued: Queued): Promise<ReadPage> {
  try {
    const answer = await request(ctx, queued.url, `The page ${queued.url}`);
    if (answer.page === null) {
      return answer.refusal.outcome === "unknown"
        ? { queued, kind: "gone" }
        : { queued, kind: "failed", error: answer.refusal };
    }
    return { queued, kind: "page", page: readPage(answer.page.body, answer.page, ctx.clock.now()) };
  } catch (error) {
    if (error instanceof SourceError) return { queued, kind: "later", error };
    throw error;
  }
}

/** The step's result: on to the next pages, to the second round, to the sitemap, or to the end. */
function advance(
  ctx: SourceContext,
  ref: SourceRef,
  state: CrawlState,
  parts: { postings: Posting[]; log: LogLine[] },
  delegate?: Delegate,
): StepResult {
  ctx.signal.throwIfAborted();
  const { log } = parts;
  const postings = separateOpenings(parts.postings);
  const errors = log.filter((line) => line.level === "warning").length;
  const total = state.urls.length;
  const progress = { step: `page ${state.at}/${total}`, done: state.at, total };
  if (state.at >= total && state.again.length > 0 && !state.secondRound) {
    startSecondRound(state);
  }
  const pending = state.at < state.urls.length && !isFruitless(state);
  if (delegate !== undefined || pending || (state.found === 0 && !state.sitemapAsked)) {
    return stepResult(progress, { postings, log, errors, next: toCheckpoint(state, delegate) });
  }
  const read = `${state.at} ${state.at === 1 ? "page" : "pages"}`;
  const cut = state.truncated
    ? " The site has more pages than OTIS reads of one; the rest was not read."
    : "";
  const found = state.found > 0;
  return stepResult(progress, {
    postings,
    log,
    errors,
    outcome: found ? "found" : state.gaps >= state.at && state.gaps > 0 ? "failed" : "zero",
    message: found
      ? cut.trim() || null
      : `No postings on ${ref.label}: ${read} read, none with a posting in a form OTIS understands.${cut}`,
    exhaustive: state.gaps === 0 && !state.truncated && !isFruitless(state),
  });
}

/** Pages by links, and as many by the sitemap, without a single posting. */
function isFruitless(state: CrawlState): boolean {
  return state.found === 0 && state.at >= fruitlessPages * (state.sitemapAsked ? 2 : 1);
}

/** Nothing found by links: the site's sitemap may name the postings. */
async function lastResort(
  ctx: SourceContext,
  ref: SourceRef,
  state: CrawlState,
): Promise<StepResult> {
  state.sitemapAsked = true;
  state.truncated ||= state.urls.length > state.at;
  state.urls.length = state.at;
  try {
    const url = `${originOf(ref)}/sitemap.xml`;
    const answer = await request(ctx, url, "The sitemap");
    if (answer.page !== null) {
      const map = readSitemap(answer.page);
      const nested = map.sitemaps
        .filter((one, index) => index < 3 || isJobAddress(one))
        .slice(0, 5);
      for (const child of nested) {
        const more = await request(ctx, child, "The sitemap");
        if (more.page !== null) map.pages.push(...readSitemap(more.page).pages);
      }
      followSitemap(state, map, ref, isJobAddress);
    }
  } catch (error) {
    // A site without a working sitemap is no failure: the crawl simply ends here.
    if (!(error instanceof SourceError)) throw error;
  }
  return advance(ctx, ref, state, { postings: [], log: [] });
}

function readSitemap(page: FetchedPage): Sitemap {
  try {
    return parseSitemap(page.body, page);
  } catch (error) {
    if (error instanceof UnreadableXml) return { pages: [], sitemaps: [] };
    throw error;
  }
}

function followSitemap(
  state: CrawlState,
  map: Sitemap,
  ref: SourceRef,
  wanted: (url: string) => boolean,
): void {
  state.sitemapAsked = true;
  const origin = originOf(ref);
  const own = map.pages.filter((url) => sameOrigin(url, ref.target) && wanted(url));
  enqueue(state, own, maxDepth, origin);
}

/**
 * The page's postings, with what the site says about the employer. A posting without id on a page
 * of its own is known by that page: another page with the same title is another opening.
 */
function take(state: CrawlState, page: Page, depth: number): Posting[] {
  const isDetail = depth > 0 && page.postings.length === 1;
  const postings = page.postings
    .map((posting) => withCompany(posting, state.company))
    .map((posting) =>
      isDetail
        ? { ...posting, externalId: posting.externalId ?? posting.url?.slice(-200) ?? null }
        : posting,
    );
  state.found += postings.length;
  return postings;
}

/** Follows the page's links, unless it is itself a posting; postings it holds in full are not fetched again. */
function harvest(state: CrawlState, page: Page, ref: SourceRef, depth: number): void {
  const isDetail = depth > 0 && page.postings.length === 1;
  if (isDetail || depth >= maxDepth) return;
  const links = crawlLinks(page, ref.target);
  const full = new Set(
    page.postings
      .filter((posting) => posting.descriptionText.length > 200)
      .map((posting) => posting.url),
  );
  const origin = originOf(ref);
  enqueue(state, links.paging, depth, origin);
  enqueue(
    state,
    links.details.filter((url) => !full.has(url)),
    depth + 1,
    origin,
  );
}

function originOf(ref: SourceRef): string {
  return new URL(ref.target).origin;
}

function sameOrigin(one: string, other: string): boolean {
  return URL.parse(one)?.origin === URL.parse(other)?.origin;
}

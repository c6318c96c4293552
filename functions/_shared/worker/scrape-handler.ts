import * as z from "zod/mini";
import { withOwnSite } from "../postings/own-site.ts";
import type { JsonObject, WorkItem } from "../queue/queue.ts";
import type { Endpoints } from "../sources/endpoints.ts";
import {
  type ApifyAccount,
  type FileOpener,
  type Source,
  type SourceContext,
  type SourceKind,
  type SourceRef,
  type StepResult,
  sourceKinds,
} from "../sources/source.ts";
import type { Handler, HandlerContext } from "./handler.ts";

const nullableText = z.nullable(z.string());

/** What `start_scraping` puts into an item's payload. */
const payload = z.object({
  source: z.object({
    kind: z.enum(sourceKinds),
    key: z.string(),
    label: z.string(),
    target: z.string(),
    options: z.optional(z.record(z.string(), z.json())),
    company: z.optional(
      z.object({ name: z._default(nullableText, null), domain: z._default(nullableText, null) }),
    ),
  }),
  checkpoint: z.optional(z.nullable(z.record(z.string(), z.json()))),
});

export interface ScrapeSettings {
  sources: Readonly<Partial<Record<SourceKind, Source>>>;
  endpoints: Endpoints;
  apify: ApifyAccount | null;
  /** Opens what the owner uploaded (`upload:ID`). */
  openUpload: (ownerId: string) => FileOpener;
}

/** Scraping: one step of the item's source is one step of the item; its result is the effect. */
export function createScrapeHandler(settings: ScrapeSettings): Handler {
  return {
    kind: "scrape",
    async run(item, context) {
      const { source, ref, checkpoint } = readScrape(item.payload, settings.sources);
      const result = await source.step(sourceContext(item, context, settings), ref, checkpoint);
      const effect = toEffect(result);
      if (result.next === null) return { effect };
      return { effect, next: { checkpoint: result.next, afterMs: result.resumeAfterMs } };
    },
  };
}

/** The step in the form of SQL's `apply_scrape`; boards that a list of companies names become runs of their own. */
function toEffect(result: StepResult): JsonObject {
  const { postings, companies, progress, log, errors, exhaustive, costUsd, outcome, message } =
    result;
  return {
    postings: postings.map(withOwnSite),
    companies: companies.map(({ source: _, ...company }) => company),
    sources: companies.flatMap(({ source }) => (source === null ? [] : [toJson(source)])),
    progress,
    log,
    errors,
    cost_usd: costUsd,
    ...(result.next === null && { outcome, message, exhaustive }),
  };
}

const toJson = ({ options, company, ...source }: SourceRef): JsonObject => ({
  ...source,
  options: options ?? null,
  company: company ?? null,
});

/** A payload that is none of a scrape, which trying again does not make it. Clients can name a source that no `detect` has seen. */
class NotAScrape extends Error {
  readonly code = "not_a_source";
  readonly retryable = false;
}

/** The source an item scrapes and how far it is. Throws when the payload is none of a scrape. */
export function readScrape(given: unknown, sources: ScrapeSettings["sources"]) {
  const parsed = payload.safeParse(given);
  if (!parsed.success) {
    const message = "This is no source in a form OTIS knows. Start it again by its address.";
    throw new NotAScrape(message, { cause: parsed.error });
  }
  const { source: found, checkpoint = null } = parsed.data;
  const { options, company, ...rest } = found;
  const ref: SourceRef = { ...rest, ...(options && { options }), ...(company && { company }) };
  const source = sources[ref.kind];
  if (source === undefined) throw new Error(`no source of kind ${ref.kind}`);
  return { source, ref, checkpoint };
}

function sourceContext(
  item: WorkItem,
  { fetch, open, signal, clock }: HandlerContext,
  { endpoints, apify, openUpload }: ScrapeSettings,
): SourceContext {
  const openOwned = openUpload(item.ownerId);
  return {
    fetch,
    signal,
    clock,
    endpoints,
    apify,
    open: (url, init) => (url.startsWith("upload:") ? openOwned(url, init) : open(url, init)),
  };
}

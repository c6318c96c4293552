import * as z from "zod/mini";
import type { JsonObject } from "./source.ts";

/** Where a crawl stands, as its checkpoint holds it. */
export const crawlStateSchema = z.object({
  /** Addresses in the order they are read, with their depth in front; relative to the start's origin. */
  urls: z.array(z.string()),
  /** How many of them are read. */
  at: z.number(),
  found: z.number(),
  /** Pages that could not be read for good. */
  gaps: z.number(),
  /** Addresses that failed once and get a second chance at the end. */
  again: z.array(z.string()),
  secondRound: z.boolean(),
  sitemapAsked: z.boolean(),
  truncated: z.boolean(),
  company: z.object({ name: z.nullable(z.string()), domain: z.nullable(z.string()) }),
});
export type CrawlState = z.infer<typeof crawlStateSchema>;

/** The crawl, and beside it the board or feed that is read first, named by the address it was found at. */
export const crawlCheckpointSchema = z.object({
  crawl: crawlStateSchema,
  delegate: z.optional(
    z.object({ input: z.string(), inner: z.nullable(z.record(z.string(), z.json())) }),
  ),
});
export type Delegate = NonNullable<z.infer<typeof crawlCheckpointSchema>["delegate"]>;

export type Queued = { url: string; depth: number };

/** More addresses than these are not followed: a careers site of this size has a feed. */
export const maxUrls = 2000;

export function startState(company: CrawlState["company"]): CrawlState {
  return {
    urls: [],
    at: 0,
    found: 0,
    gaps: 0,
    again: [],
    secondRound: false,
    sitemapAsked: false,
    truncated: false,
    company,
  };
}

/** Adds addresses that are not known yet. */
export function enqueue(
  state: CrawlState,
  urls: readonly string[],
  depth: number,
  origin: string,
): void {
  const known = new Set(state.urls.map((entry) => entry.slice(1)));
  for (const url of urls) {
    const path = url.startsWith(`${origin}/`) ? url.slice(origin.length) : url;
    if (known.has(path)) continue;
    if (state.urls.length >= maxUrls) {
      state.truncated = true;
      return;
    }
    known.add(path);
    state.urls.push(`${Math.min(depth, 9)}${path}`);
  }
}

/** The next addresses to read, without taking them off. */
export function upcoming(state: CrawlState, count: number, origin: string): Queued[] {
  return state.urls.slice(state.at, state.at + count).map((entry) => {
    const path = entry.slice(1);
    return { depth: Number(entry[0]), url: path.startsWith("/") ? origin + path : path };
  });
}

export function toCheckpoint(state: CrawlState, delegate?: Delegate): JsonObject {
  const crawl = { ...state, company: { ...state.company } };
  return delegate === undefined ? { crawl } : { crawl, delegate: { ...delegate } };
}

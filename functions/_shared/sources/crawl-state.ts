import * as z from "zod/mini";
import type { JsonObject } from "./source.ts";

/** Where a crawl stands, as its checkpoint holds it. */
export const crawlStateSchema = z.object({
  /**
   * Addresses in the order they are read, with their depth in front; relative to the start's origin.
   * "#12" stands for the address of entry 12, which is read once more.
   */
  urls: z.array(z.string()),
  /** How many of them are read. */
  at: z.number(),
  found: z.number(),
  /** Pages that could not be read for good. */
  gaps: z.number(),
  /** Entries of `urls` that failed once and get a second chance at the end. */
  again: z.array(z.number()),
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
const maxUrls = 2000;
/** Nor are more characters of them in all: the checkpoint has to fit into a queue item, 262,144 bytes. */
const maxCharacters = 150_000;
/** Longer than any honest address. */
const maxUrlCharacters = 1_000;

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
  let characters = state.urls.reduce((sum, entry) => sum + entry.length, 0);
  for (const url of urls) {
    const path = url.startsWith(`${origin}/`) ? url.slice(origin.length) : url;
    if (known.has(path)) continue;
    const isFull = state.urls.length >= maxUrls || characters + path.length > maxCharacters;
    if (isFull || path.length > maxUrlCharacters) state.truncated = true;
    if (isFull) return;
    if (path.length > maxUrlCharacters) continue;
    known.add(path);
    characters += path.length + 1;
    state.urls.push(`${Math.min(depth, 9)}${path}`);
  }
}

/** The next addresses to read, without taking them off. */
export function upcoming(state: CrawlState, count: number, origin: string): Queued[] {
  return state.urls.slice(state.at, state.at + count).map((entry) => {
    const named = entry.slice(1);
    const path = named.startsWith("#")
      ? (state.urls[Number(named.slice(1))] ?? "").slice(1)
      : named;
    return { depth: Number(entry[0]), url: path.startsWith("/") ? origin + path : path };
  });
}

/** Lets what failed once be read again, at the end and once. */
export function startSecondRound(state: CrawlState): void {
  state.secondRound = true;
  state.urls.push(...state.again.splice(0).map((entry) => `9#${entry}`));
}

export function toCheckpoint(state: CrawlState, delegate?: Delegate): JsonObject {
  const crawl = { ...state, company: { ...state.company } };
  return delegate === undefined ? { crawl } : { crawl, delegate: { ...delegate } };
}

import type { Posting } from "../postings/posting.ts";
import type { Endpoints } from "./endpoints.ts";

export const sourceKinds = [
  "careers_page",
  "greenhouse",
  "lever",
  "ashby",
  "recruitee",
  "personio",
  "smartrecruiters",
  "workable",
  "feed",
  "csv",
  "apify",
] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** Plain JSON, so that a reference or checkpoint survives as a queue payload. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/**
 * One source as the user named it, after detection. `key` is canonical: the same source in a later
 * run has the same key, which is how postings that are gone can be told.
 */
export type SourceRef = {
  kind: SourceKind;
  key: string;
  label: string;
  /** Kind-specific address: a URL for pages, feeds and files, a token for boards, an actor id for Apify. */
  target: string;
  /** Kind-specific settings (Apify input, EU host …). */
  options?: JsonObject;
  /** What is already known of the company, for boards that do not name it. */
  company?: { name: string | null; domain: string | null };
};

/** What `fetch` gives back: the body is whole and within the fetcher's byte cap. */
export type FetchedPage = {
  status: number;
  /** Final address, after redirects. */
  url: string;
  headers: { get(name: string): string | null };
  contentType: string | null;
  body: Uint8Array;
};
export type FetchInit = {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
};
/**
 * A fetch that already obeys OTIS's rules (public addresses, robots, politeness, caps). It resolves
 * for every HTTP status and rejects for what never became an answer; a rejection may carry
 * `code: string`, `retryable: boolean` and `retryAfterSeconds: number`, else it counts as retryable.
 */
export type Fetcher = (url: string, init?: FetchInit) => Promise<FetchedPage>;

/** A body read piece by piece, for files larger than memory. `from` is the byte the stream starts at. */
export type OpenedFile = {
  status: number;
  stream: ReadableStream<Uint8Array>;
  from: number;
  size: number | null;
};
export type FileOpener = (
  url: string,
  init: { from: number; signal: AbortSignal },
) => Promise<OpenedFile>;

export type SourceContext = {
  fetch: Fetcher;
  signal: AbortSignal;
  clock: { now(): number };
  endpoints: Endpoints;
  /** Opens a large file as a stream; without it, files are read whole through `fetch`. */
  open?: FileOpener;
  /** The operator's account at Apify, if there is one. */
  apify?: ApifyAccount | null;
};

export type ApifyAccount = {
  token: string;
  /** What one run may cost, in US dollars, whatever its owner allows. */
  maxUsd: number;
  /** Where Apify may report the end of a run; only a hint, the run is polled all the same. */
  webhookUrl: string | null;
};

/** found: postings; zero: read and empty; unknown: no such board, page or actor; failed: not readable. */
export type Outcome = "found" | "zero" | "unknown" | "failed";
export type LogLine = {
  level: "debug" | "info" | "success" | "warning" | "error";
  message: string;
};
export type Checkpoint = JsonObject;

/** A row of a CSV of companies; `source` is the board or careers page it names, if any. */
export type CompanyRow = {
  name: string;
  domain: string | null;
  url: string | null;
  city: string | null;
  country: string | null;
  source: SourceRef | null;
};

export type StepResult = {
  postings: Posting[];
  companies: CompanyRow[];
  /** Where to go on; null when the source is finished. */
  next: Checkpoint | null;
  /** Earliest moment of the next step, in ms from now (polling a remote run). */
  resumeAfterMs: number;
  progress: { step: string; done: number; total: number | null };
  /** Set exactly when `next` is null. */
  outcome: Outcome | null;
  /** For the user, when the outcome is not plainly "found". */
  message: string | null;
  log: LogLine[];
  /** Things that went wrong without ending the source (a detail page that failed). */
  errors: number;
  /**
   * True on the last step when the whole listing was read without a gap: only then may postings
   * that this source named before, and does not any more, be marked closed.
   */
  exhaustive: boolean;
  /** Cost so far in US dollars, null for free sources. */
  costUsd: number | null;
};

/** What scraping will take, before anything starts. */
export type Plan = { requests: number; seconds: number; costUsd: number | null; note: string };

/**
 * A place postings come from. `step` does one bounded piece of work from a checkpoint: it may be
 * killed anywhere and called again with the same checkpoint. It rejects with a `SourceError` only
 * for trouble that may pass (the queue retries); whatever is final is an outcome.
 */
export type Source = {
  kind: SourceKind;
  /** Pure: recognises a user's input, without a request. */
  detect(input: string): SourceRef | null;
  plan(ref: SourceRef): Plan;
  step(ctx: SourceContext, ref: SourceRef, checkpoint: Checkpoint | null): Promise<StepResult>;
  /** Stops what the source has started elsewhere (an Apify run), when the user cancels. */
  cancel?(ctx: SourceContext, ref: SourceRef, checkpoint: Checkpoint | null): Promise<void>;
};

/** Trouble that may pass: the item goes back to the queue with its checkpoint unchanged. */
export class SourceError extends Error {
  readonly code: string;
  readonly retryAfterSeconds: number | null;
  constructor(
    code: string,
    message: string,
    options: { retryAfterSeconds?: number | null; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SourceError";
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** A step result with everything at rest; sources override what they have to say. */
export function stepResult(
  progress: StepResult["progress"],
  parts: Partial<Omit<StepResult, "progress">>,
): StepResult {
  return {
    postings: [],
    companies: [],
    next: null,
    resumeAfterMs: 0,
    outcome: null,
    message: null,
    log: [],
    errors: 0,
    exhaustive: false,
    costUsd: null,
    ...parts,
    progress,
  };
}

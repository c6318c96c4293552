import type { Clock } from "../safe-fetch/clock.ts";
import type { SafeFetch } from "../safe-fetch/safe-fetch.ts";
import type { Till } from "./till.ts";

export const PROVIDER_NAMES = ["website", "apollo"] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** The company that is to be enriched. */
export interface Subject {
  name: string;
  /** Registrable domain, lower case. */
  domain: string | null;
  /** Address of its own site, if one is known; else the domain stands for it. */
  website: string | null;
}

/** How much is known already; merely guessed addresses do not count. */
export interface Have {
  emails: number;
  phones: number;
  people: number;
}

/** Where a value comes from. */
export interface Provenance {
  provider: ProviderName;
  /** The page or API call that gave it; null if it is derived. */
  sourceUrl: string | null;
  /** `json_ld`, `mailto`, `text`, `guessed`, …; `api` for bought values. */
  method: string;
  /** 0 to 1. */
  confidence: number;
  /** Credits. The price of one call lies on the first value that it gave. */
  cost: number;
  /** ISO 8601. */
  foundAt: string;
}

export interface FoundFact extends Provenance {
  key: string;
  value: string;
}

export interface FoundContact extends Provenance {
  kind: "person" | "email" | "phone";
  fullName: string | null;
  role: string | null;
  email: string | null;
  emailStatus: "found" | "guessed" | "verified" | null;
  phone: string | null;
  linkedinUrl: string | null;
}

export interface ProviderResult {
  facts: FoundFact[];
  contacts: FoundContact[];
  /** Credits spent, those lost to broken connections included. */
  cost: number;
  /** Credits not spent since the answer had been bought before. */
  saved: number;
  /** Things that went wrong without ending the run, in the user's words. */
  notes: string[];
}

export interface ProviderContext {
  /** The guarded fetch, for addresses of the public web. */
  fetch: SafeFetch["fetch"];
  signal: AbortSignal;
  clock: Clock;
  /** Asks before each paid call and keeps what was bought. */
  till: Till;
  /** What the user sees while it runs: "reading /contact", "2 of 4 people". */
  progress(step: string): void;
  /** Credits that this run may cost at most. */
  maxCost: number;
}

/** A place where facts and contacts of a company come from. */
export interface Provider {
  name: ProviderName;
  /** Null if it can do something for the company, else why not, in the user's words. */
  cannot(company: Subject): string | null;
  /** Credits that a run costs at most. 0 is free. */
  cost(company: Subject): number;
  /**
   * Asks the provider. May be killed anywhere and run again: what was bought is kept by the till.
   * Rejects with a `ProviderError`, `VendorError` or `FetchFailure` if nothing could be had; each says whether it is `retryable`.
   */
  run(company: Subject, context: ProviderContext): Promise<ProviderResult>;
}

export function emptyResult(): ProviderResult {
  return { facts: [], contacts: [], cost: 0, saved: 0, notes: [] };
}

const ERRORS = {
  no_website: { retryable: false, say: (who: string) => `The website ${who} cannot be read.` },
  website_down: {
    retryable: true,
    say: (who: string) => `The website ${who} is not working at the moment. It is tried again.`,
  },
  ceiling_reached: {
    retryable: false,
    say: () => "The cost ceiling of this batch is reached. Raise it, then retry.",
  },
  in_use: {
    retryable: true,
    say: (who: string) =>
      `Another batch is asking ${who} for the same company. It goes on by itself.`,
  },
} as const;

export type ProviderErrorCode = keyof typeof ERRORS;

/** Why a provider gave nothing, with a message for the user; vendors' refusals are `VendorError`s. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly code: ProviderErrorCode;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ProviderErrorCode,
    who: string,
    options: { detail?: string; retryAfterSeconds?: number | null; cause?: unknown } = {},
  ) {
    const detail = options.detail ? ` (${options.detail.slice(0, 120)})` : "";
    super(ERRORS[code].say(who) + detail, { cause: options.cause });
    this.code = code;
    this.retryable = ERRORS[code].retryable;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

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
  /** What makes it the same contact when it is found again. */
  valueKey: string;
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
  /** The guarded fetch; also for vendors, whose addresses may be overridden. */
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
   * Rejects with a `ProviderError` (or a `FetchFailure`) if nothing could be had.
   */
  run(company: Subject, context: ProviderContext): Promise<ProviderResult>;
}

export function emptyResult(): ProviderResult {
  return { facts: [], contacts: [], cost: 0, saved: 0, notes: [] };
}

const ERRORS = {
  missing_key: {
    retryable: false,
    say: (who: string) => `${who} needs an API key. Add it in the settings, then retry.`,
  },
  refused_key: {
    retryable: false,
    say: (who: string) => `${who} refuses the API key. Check it in the settings, then retry.`,
  },
  not_in_plan: {
    retryable: false,
    say: (who: string) => `Your ${who} plan does not include this. Nothing was charged.`,
  },
  out_of_credit: {
    retryable: false,
    say: (who: string) => `Your ${who} account is out of credit. Top it up, then retry.`,
  },
  refused_request: { retryable: false, say: (who: string) => `${who} did not accept the request.` },
  ceiling_reached: {
    retryable: false,
    say: () => "The cost ceiling of this batch is reached. Raise it, then retry.",
  },
  rate_limited: {
    retryable: true,
    say: (who: string) => `${who} asks for a pause. It goes on by itself.`,
  },
  in_use: {
    retryable: true,
    say: (who: string) =>
      `Another batch is asking ${who} for the same company. It goes on by itself.`,
  },
  provider_failed: {
    retryable: true,
    say: (who: string) => `${who} is not working at the moment. It is tried again.`,
  },
  bad_answer: {
    retryable: true,
    say: (who: string) => `${who} answered with something that cannot be read.`,
  },
} as const;

export type ProviderErrorCode = keyof typeof ERRORS;

/** What a vendor refused, with a message for the user; `detail` is the vendor's own, already shortened. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly code: ProviderErrorCode;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ProviderErrorCode,
    vendor: string,
    options: { detail?: string; retryAfterSeconds?: number | null; cause?: unknown } = {},
  ) {
    const detail = options.detail ? ` (${options.detail.slice(0, 120)})` : "";
    super(ERRORS[code].say(vendor) + detail, { cause: options.cause });
    this.code = code;
    this.retryable = ERRORS[code].retryable;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** The key under which a contact is kept once: its kind and normalised value. */
export function contactKey(
  contact: Pick<FoundContact, "kind" | "email" | "phone" | "fullName">,
): string {
  const value =
    contact.kind === "email"
      ? contact.email
      : contact.kind === "phone"
        ? contact.phone
        : contact.fullName;
  const plain = (value ?? "").normalize("NFKC").trim().toLowerCase().replace(/\s+/g, " ");
  return `${contact.kind}:${contact.kind === "phone" ? plain.replace(/[^\d+]/g, "") : plain}`.slice(
    0,
    300,
  );
}

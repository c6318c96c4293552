interface Kind {
  /** Whether the same request may succeed later without anyone changing anything. */
  retry: boolean;
  /** What happened and what to do; `subject` is the host (never a full URL, which may hold a token). */
  say(subject: string, detail: string): string;
}

/** The closed list of what can go wrong with one outgoing request. */
const kinds = {
  bad_url: {
    retry: false,
    say: (_, detail) => `This is not a web address that can be opened: ${detail}. Correct it.`,
  },
  port_refused: {
    retry: false,
    say: (host) =>
      `${host} names an unusual port, so it was not opened. Only the ports 80 and 443 are.`,
  },
  private_address: {
    retry: false,
    say: (host) =>
      `${host} belongs to a private network, so it was not opened. Give an address on the public internet.`,
  },
  dns_failed: {
    retry: true,
    say: (host) => `${host} could not be found. Check the spelling; otherwise it is tried again.`,
  },
  connect_failed: {
    retry: true,
    say: (host) => `${host} does not accept connections right now. It is tried again later.`,
  },
  connection_lost: {
    retry: true,
    say: (host) => `${host} broke off in the middle of its answer. It is tried again later.`,
  },
  tls_failed: {
    retry: false,
    say: (host, detail) =>
      `The secure connection to ${host} was refused: ${detail}. The site's owner has to correct this.`,
  },
  timed_out: {
    retry: true,
    say: (host, detail) => `${host} was too slow: ${detail}. It is tried again later.`,
  },
  too_large: {
    retry: false,
    say: (host, detail) =>
      `The page at ${host} is larger than ${detail} and was not read. Name a more specific page.`,
  },
  bad_redirect: {
    retry: false,
    say: (host, detail) => `${host} sends visitors astray: ${detail}. Name the final page.`,
  },
  content_type: {
    retry: false,
    say: (host, detail) => `${host} answered with ${detail}, which cannot be read here.`,
  },
  bad_response: {
    retry: true,
    say: (host, detail) => `The answer of ${host} could not be understood: ${detail}.`,
  },
  robots_disallowed: {
    retry: false,
    say: (host) =>
      `${host} asks robots to stay away from this page (robots.txt), so it was not read.`,
  },
  robots_unreachable: {
    retry: true,
    say: (host) =>
      `${host} does not deliver its robots.txt, so nothing was read there. It is tried again later.`,
  },
  rate_limited: {
    retry: true,
    say: (host) =>
      `${host} asks for fewer requests. It goes on after the pause that ${host} named.`,
  },
} satisfies Record<string, Kind>;

export type FetchFailureCode = keyof typeof kinds;

export const fetchFailureCodes: readonly FetchFailureCode[] = Object.freeze(
  Object.keys(kinds) as FetchFailureCode[],
);

export interface FetchFailureOptions {
  /** The specific circumstance, in words that fit into the message. */
  detail?: string;
  /** How long to leave the host alone. */
  retryAfterSeconds?: number;
  cause?: unknown;
}

/**
 * A request that did not end in a usable answer. `message` is written for the user and names
 * the host only. An abort by the caller's signal is not a failure: its reason is thrown as is.
 */
export class FetchFailure extends Error {
  override readonly name = "FetchFailure";
  readonly code: FetchFailureCode;
  /** False when repeating the request cannot help. */
  readonly retryable: boolean;
  readonly host: string;
  readonly retryAfterSeconds: number | null;

  constructor(code: FetchFailureCode, host: string, options: FetchFailureOptions = {}) {
    super(kinds[code].say(host, options.detail ?? "no details"), { cause: options.cause });
    this.code = code;
    this.retryable = kinds[code].retry;
    this.host = host;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

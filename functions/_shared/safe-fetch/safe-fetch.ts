import { isPublicAddress, literalAddress } from "./address.ts";
import { parseContentType } from "./charset.ts";
import { type Clock, raceAbort } from "./clock.ts";
import type { Connect, Resolve } from "./connection.ts";
import { acceptableTypes } from "./content-type.ts";
import { startDeadline } from "./deadline.ts";
import { FetchFailure } from "./fetch-failure.ts";
import { firstHop, type Hop, type HopRequest, redirectedHop } from "./hop.ts";
import { HostGate, type HostPace } from "./host-gate.ts";
import { HttpClient, type RawResponse } from "./http-client.ts";
import { openBody, readResponse, type SafeResponse } from "./response.ts";
import { retryAfterSeconds } from "./retry-after.ts";
import { maxRobotsBytes, RobotsRules } from "./robots.ts";
import { extentOf, streamOf } from "./stream.ts";
import { isOpened, type OpenedHosts, parseTarget } from "./target.ts";

/** Each may be overridden at creation; times in ms. */
export const defaultLimits = {
  /** Network time of one request with all its redirects; waiting for a host's turn does not count. */
  totalMs: 30_000,
  /** The same for a file that is read as a stream. */
  streamMs: 10 * 60_000,
  /** Longest silence while an answer comes in. */
  idleMs: 10_000,
  /** Largest web page, largest body of another kind that is read whole, and largest streamed file. */
  maxPageBytes: 5_000_000,
  maxBytes: 25_000_000,
  maxStreamBytes: 150_000_000,
  /** RFC 9309 asks for at least five, security for few. */
  maxRedirects: 5,
  /** Requests under way at the same time, all hosts together. */
  maxParallel: 16,
  /** Politeness towards a site of the public web. */
  pace: { parallel: 1, gapMs: 500, jitterMs: 500 } as HostPace,
  /** Towards vendors' documented APIs and hosts opened by configuration. */
  openPace: { parallel: 4, gapMs: 0, jitterMs: 0 } as HostPace,
};

export interface SafeFetchSettings {
  resolve: Resolve;
  connect: Connect;
  clock: Clock;
  /** In [0, 1), for jitter. */
  random: () => number;
  /** Product token, version and a contact: `OtisBot/1.0 (+https://…)`. */
  userAgent: string;
  /** Hosts that may be private (`OTIS_ALLOW_PRIVATE_HOSTS`), see `parseOpenedHosts`. */
  openedHosts?: OpenedHosts;
  /**
   * Base addresses of vendors' APIs (`OTIS_ENDPOINT_*`; `{company}` stands for any one label):
   * meant for programs, so robots.txt and pauses do not apply. Everything else does.
   */
  endpoints?: readonly string[];
  limits?: Partial<typeof defaultLimits>;
}

export interface SafeRequest extends HopRequest {
  signal?: AbortSignal;
  maxBytes?: number;
  /** Media types that are wanted, `text/*` and `application/*+json` style allowed. */
  accept?: readonly string[];
}

/** A file that comes piece by piece. `from` is the byte it starts at: 0 if the server ignored the wish. */
export interface OpenedStream {
  status: number;
  stream: ReadableStream<Uint8Array>;
  from: number;
  /** Size of the whole file in bytes, where the server tells. */
  size: number | null;
}

/**
 * The one door to addresses that users give. Rejects with FetchFailure, or with the signal's
 * reason within milliseconds of its abort.
 */
export interface SafeFetch {
  fetch(url: string, request?: SafeRequest): Promise<SafeResponse>;
  /** For files larger than memory; the stream must be read to its end or cancelled. */
  open(url: string, init: { from: number; signal: AbortSignal }): Promise<OpenedStream>;
  /** Closes connections that are kept open. */
  close(): void;
}

interface Answer extends RawResponse {
  url: URL;
  /** Ends the host's turn and frees the connection. */
  finish(): void;
}

/** Builds the door. One instance a process: it paces hosts and keeps robots.txt. */
export function createSafeFetch(settings: SafeFetchSettings): SafeFetch {
  const { clock, connect, random, resolve, userAgent } = settings;
  const limits = { ...defaultLimits, ...settings.limits };
  const opened: OpenedHosts = settings.openedHosts ?? new Set();
  const isEndpoint = endpointMatcher(settings.endpoints ?? []);
  const client = new HttpClient(connect, clock);
  const gate = new HostGate(clock, random, limits.maxParallel);
  const robots = new RobotsRules(loadRobots, clock, userAgent);

  async function loadRobots(url: URL) {
    const answer = await follow(url.href, {}, { totalMs: limits.totalMs, robots: false });
    try {
      const bounds = { maxBytes: maxRobotsBytes, accept: ["*/*"], cut: true };
      const response = await readResponse(answer.url, answer, bounds);
      return { status: response.status, text: response.text() };
    } finally {
      answer.finish();
    }
  }

  /** Sends the request, follows redirects, and hands over the answer with its host's turn still held. */
  async function follow(
    input: string,
    request: SafeRequest,
    mode: { totalMs: number; robots: boolean },
  ): Promise<Answer> {
    const signal = request.signal ?? new AbortController().signal;
    signal.throwIfAborted();
    let hop = firstHop(parseTarget(input, opened), request, userAgent);
    let leftMs = mode.totalMs;
    for (let redirects = 0; redirects <= limits.maxRedirects; redirects += 1) {
      const pace = await paceOf(hop.url, mode.robots, signal);
      const leave = await gate.enter(hop.url.host, pace, signal);
      const startedAt = clock.now();
      const answer = await exchange(hop, leftMs, leave, signal);
      try {
        const next = redirectedHop(hop, answer, opened);
        if (next === null) return answer;
        hop = next;
      } catch (cause) {
        answer.finish();
        throw cause;
      }
      answer.finish();
      leftMs -= clock.now() - startedAt;
    }
    const detail = `more than ${limits.maxRedirects} redirects follow one another`;
    throw new FetchFailure("bad_redirect", hop.url.host, { detail });
  }

  async function paceOf(url: URL, obeyRobots: boolean, signal: AbortSignal): Promise<HostPace> {
    const endpoint = isEndpoint(url);
    const pace = endpoint || isOpened(url, opened) ? limits.openPace : limits.pace;
    if (endpoint || !obeyRobots) return pace;
    const { allowed, crawlDelayMs } = await robots.check(url, signal);
    if (!allowed) throw new FetchFailure("robots_disallowed", url.host);
    return crawlDelayMs === null ? pace : { ...pace, gapMs: Math.max(pace.gapMs, crawlDelayMs) };
  }

  async function exchange(
    hop: Hop,
    totalMs: number,
    leave: () => void,
    callerSignal: AbortSignal,
  ): Promise<Answer> {
    const { url } = hop;
    const { signal, cancel } = startDeadline(clock, totalMs, url.host, callerSignal);
    const finish = () => {
      cancel();
      leave();
    };
    try {
      const addresses = () => checkedAddresses(url, signal);
      const raw = await client.send({ ...hop, addresses, idleMs: limits.idleMs, signal });
      if (raw.status === 429 || raw.status === 503) {
        const seconds = retryAfterSeconds(raw.headers.get("retry-after"), clock.now());
        if (seconds !== null) gate.hold(url.host, seconds);
      }
      return {
        ...raw,
        url,
        finish() {
          raw.discard();
          finish();
        },
      };
    } catch (cause) {
      finish();
      throw cause;
    }
  }

  async function checkedAddresses(url: URL, signal: AbortSignal): Promise<string[]> {
    const { hostname } = url;
    const literal = literalAddress(hostname);
    // RFC 6761 §6.3: these names never leave the machine.
    const isLocal = hostname === "localhost" || hostname.endsWith(".localhost");
    const fixed = literal !== null ? [literal] : isLocal ? ["127.0.0.1", "::1"] : null;
    // An opened name is trusted by configuration, and perhaps only the system knows it.
    if (isOpened(url, opened)) return fixed ?? [hostname];
    const addresses = fixed ?? (await raceAbort(resolve(hostname, signal), signal));
    if (addresses.length === 0) throw new FetchFailure("dns_failed", url.host);
    if (!addresses.every(isPublicAddress)) throw new FetchFailure("private_address", url.host);
    return addresses;
  }

  return {
    async fetch(url, request = {}) {
      const answer = await follow(url, request, { totalMs: limits.totalMs, robots: true });
      const most = isPage(answer.headers) ? limits.maxPageBytes : limits.maxBytes;
      const { maxBytes = most, accept = acceptableTypes } = request;
      try {
        return await readResponse(answer.url, answer, { maxBytes, accept, cut: false });
      } finally {
        answer.finish();
      }
    },

    async open(url, { from, signal }) {
      // A range counts encoded bytes, so compression is waived.
      const headers = {
        "accept-encoding": "identity",
        ...(from > 0 && { range: `bytes=${from}-` }),
      };
      const mode = { totalMs: limits.streamMs, robots: true };
      const answer = await follow(url, { headers, signal }, mode);
      try {
        const bounds = { maxBytes: limits.maxStreamBytes, accept: acceptableTypes, cut: false };
        const body = openBody(answer.url, answer, bounds);
        return {
          status: answer.status,
          stream: streamOf(body, answer.finish),
          ...extentOf(answer.status, answer.headers),
        };
      } catch (cause) {
        answer.finish();
        throw cause;
      }
    },

    close: () => client.close(),
  };
}

/** A page is parsed into a tree many times its size; feeds and data may be long for good reasons. */
function isPage(headers: Headers): boolean {
  return /^(?:text\/html|application\/xhtml\+xml)$/.test(
    parseContentType(headers.get("content-type")).mediaType ?? "",
  );
}

/** Whether a URL belongs to one of the bases, `{company}` matching one label of the host. */
function endpointMatcher(bases: readonly string[]): (url: URL) => boolean {
  const label = "any-company";
  const origins = bases
    .filter((base) => base !== "")
    .map((base) => {
      const [before = "", after = null] = new URL(base.replaceAll("{company}", label)).origin.split(
        label,
      );
      return { before, after };
    });
  return ({ origin }) =>
    origins.some(({ before, after }) => {
      if (after === null) return origin === before;
      const company = origin.slice(before.length, origin.length - after.length);
      return origin === before + company + after && /^[^./:]+$/.test(company);
    });
}

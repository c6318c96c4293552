// @ts-types="./robots-parser.d.ts"
import robotsParser from "robots-parser";
import { type Clock, raceAbort } from "./clock.ts";
import { FetchFailure } from "./fetch-failure.ts";
import { maxCrawlDelayMs } from "./host-gate.ts";

/** RFC 9309 §2.5: at least this much must be parsed; the rest is ignored. */
export const maxRobotsBytes = 500 * 1024;
/** RFC 9309 §2.4: not longer than 24 hours. */
const rulesLiveMs = 24 * 60 * 60 * 1000;
/** A robots.txt that cannot be had forbids everything; this is how soon it gets another chance. */
const unreachableLivesMs = 60 * 1000;
const maxOrigins = 500;

/** Loads a robots.txt, redirects followed, cut at `maxRobotsBytes`; rejects with FetchFailure. */
export type LoadRobots = (url: URL) => Promise<{ status: number; text: string }>;

export interface RobotsVerdict {
  allowed: boolean;
  /** The site's Crawl-delay in ms, capped; null when it names none. */
  crawlDelayMs: number | null;
}

type Judge = (url: URL) => RobotsVerdict;

const allowAll: Judge = () => ({ allowed: true, crawlDelayMs: null });

/** The robots.txt of every origin asked about, loaded once and kept for at most a day (RFC 9309). */
export class RobotsRules {
  readonly #load: LoadRobots;
  readonly #clock: Clock;
  readonly #userAgent: string;
  readonly #cache = new Map<string, { until: number; judge: Promise<Judge> }>();

  constructor(load: LoadRobots, clock: Clock, userAgent: string) {
    this.#load = load;
    this.#clock = clock;
    this.#userAgent = userAgent;
  }

  /**
   * What the site says about this page. Rejects with `robots_unreachable` when it cannot be asked,
   * or with what is wrong with the whole host (no such name, no connection, a private address …).
   */
  async check(url: URL, signal: AbortSignal): Promise<RobotsVerdict> {
    const judge = await raceAbort(this.#rulesOf(url.origin), signal);
    return judge(url);
  }

  #rulesOf(origin: string): Promise<Judge> {
    const now = this.#clock.now();
    const known = this.#cache.get(origin);
    if (known !== undefined && known.until > now) return known.judge;
    const entry = { until: now + rulesLiveMs, judge: this.#read(origin) };
    entry.judge.catch((cause: unknown) => {
      const lives = isUnreachable(cause) ? unreachableLivesMs : 0;
      entry.until = this.#clock.now() + lives;
    });
    this.#cache.delete(origin);
    this.#cache.set(origin, entry);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > maxOrigins && oldest !== undefined) this.#cache.delete(oldest);
    return entry.judge;
  }

  async #read(origin: string): Promise<Judge> {
    const address = new URL("/robots.txt", origin);
    const unreachable = (cause: unknown) =>
      new FetchFailure("robots_unreachable", address.host, {
        cause,
        retryAfterSeconds: unreachableLivesMs / 1000,
      });
    let answer: { status: number; text: string };
    try {
      answer = await this.#load(address);
    } catch (cause) {
      const code = cause instanceof FetchFailure ? cause.code : null;
      // Redirects without end count as "no such file" (RFC 9309 §2.3.1.2).
      if (code === "bad_redirect") return allowAll;
      if (code === "connection_lost" || code === "bad_response") throw unreachable(cause);
      throw cause;
    }
    if (answer.status >= 500) throw unreachable(new Error(`status ${answer.status}`));
    // 4xx: the site has no rules (RFC 9309 §2.3.1.3).
    return answer.status < 300 ? this.#judgeBy(address, answer.text) : allowAll;
  }

  #judgeBy(address: URL, text: string): Judge {
    const robots = robotsParser(address.href, text);
    const delay = robots.getCrawlDelay(this.#userAgent);
    const crawlDelayMs =
      delay === undefined || !(delay >= 0) ? null : Math.min(delay * 1000, maxCrawlDelayMs);
    return (url) => ({
      allowed: robots.isAllowed(url.href, this.#userAgent) ?? true,
      crawlDelayMs,
    });
  }
}

function isUnreachable(cause: unknown): boolean {
  return cause instanceof FetchFailure && cause.code === "robots_unreachable";
}

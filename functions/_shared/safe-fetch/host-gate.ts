import { type Clock, sleep } from "./clock.ts";
import { FetchFailure } from "./fetch-failure.ts";
import { Semaphore } from "./semaphore.ts";

export interface HostPace {
  /** Requests to the host at the same time. */
  parallel: number;
  /** Pause between the end of one request and the start of the next, in ms. */
  gapMs: number;
  /** Up to this much, drawn at random, on top of the gap, so that the rhythm is no machine's. */
  jitterMs: number;
}

/** A host's own wish to wait is slept through up to here; beyond, the work goes back to the queue. */
const maxHoldMs = 5_000;
/** Crawl-delay is honoured up to here: what asks for more would never be finished (Bing caps there too). */
export const maxCrawlDelayMs = 30_000;
/** Memory bound: a host not needed now is forgotten once there are more than this. */
const maxHosts = 1_000;

interface HostState {
  places: Semaphore;
  holders: number;
  /** No request starts before this time (ms since the epoch). */
  notBefore: number;
  /** Set by 429 and 503: until when the host asked to be left alone. */
  heldUntil: number;
}

/** Politeness: paces the requests to each host and bounds all requests together. */
export class HostGate {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #overall: Semaphore;
  readonly #hosts = new Map<string, HostState>();

  constructor(clock: Clock, random: () => number, maxParallel: number) {
    this.#clock = clock;
    this.#random = random;
    this.#overall = new Semaphore(maxParallel);
  }

  /**
   * Waits for the host's turn; resolves with the function that ends it (call it exactly when the
   * body is read). Fails with `rate_limited` when the host asked for a pause longer than 5 s.
   */
  async enter(host: string, pace: HostPace, signal: AbortSignal): Promise<() => void> {
    const state = this.#stateOf(host, pace);
    state.holders += 1;
    let releasePlace: (() => void) | null = null;
    const leave = () => {
      state.holders -= 1;
      releasePlace?.();
    };
    try {
      releasePlace = await state.places.acquire(signal);
      await this.#waitForTurn(host, state, signal);
      const releaseOverall = await this.#overall.acquire(signal);
      return () => {
        const pause = pace.gapMs + this.#random() * pace.jitterMs;
        state.notBefore = Math.max(state.notBefore, this.#clock.now() + pause);
        releaseOverall();
        leave();
      };
    } catch (cause) {
      leave();
      throw cause;
    }
  }

  /** Notes a host's Retry-After, for every request to come. */
  hold(host: string, seconds: number): void {
    const state = this.#hosts.get(host);
    if (state !== undefined) state.heldUntil = this.#clock.now() + seconds * 1000;
  }

  async #waitForTurn(host: string, state: HostState, signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = this.#clock.now();
      const held = state.heldUntil - now;
      if (held > maxHoldMs) {
        throw new FetchFailure("rate_limited", host, {
          retryAfterSeconds: Math.ceil(held / 1000),
        });
      }
      const wait = Math.max(held, state.notBefore - now);
      if (wait <= 0) return;
      await sleep(this.#clock, wait, signal);
    }
  }

  #stateOf(host: string, pace: HostPace): HostState {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    if (this.#hosts.size >= maxHosts) this.#forgetIdle();
    const places = new Semaphore(pace.parallel);
    const state = { places, holders: 0, notBefore: 0, heldUntil: 0 };
    this.#hosts.set(host, state);
    return state;
  }

  #forgetIdle(): void {
    const now = this.#clock.now();
    for (const [host, state] of this.#hosts) {
      if (state.holders === 0 && state.notBefore <= now && state.heldUntil <= now) {
        this.#hosts.delete(host);
      }
    }
  }
}

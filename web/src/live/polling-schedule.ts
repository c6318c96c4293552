/*
 * When to ask again: pure functions of what is known. Times in milliseconds.
 *
 * Polling (design §7): a new session is asked every 5 s for 2 min, then every 15 s, 30 s at most;
 * one older than 24 h every 30 s, then 1 min, 5 min at most. Observed changes move the next poll
 * to where the next change is expected.
 */

interface Pace {
  readonly initial: number;
  readonly normal: number;
  readonly max: number;
}

export const newSession: Pace = { initial: 5_000, normal: 15_000, max: 30_000 };
export const oldSession: Pace = { initial: 30_000, normal: 60_000, max: 300_000 };

/** Age at which a session counts as old. */
export const OLD_MS = 24 * 3_600_000;
/** How long after the last sign of life the initial pace is kept. */
export const LIVELY_MS = 2 * 60_000;
/** Each poll without news stretches the normal pace by this factor, up to its maximum. */
const STRETCH = 1.5;
/** Polls are early by up to this part of the wait, never late: the maxima hold. */
const JITTER = 0.2;
/** A predicted change is given this long to be committed before it is asked for. */
const SLACK_MS = 500;

/** What the schedule goes by. */
export interface PollingFacts {
  readonly now: number;
  readonly sessionCreatedAt: number;
  /** Last change seen, or opening of the view, or the user's own last action. */
  readonly livelyAt: number;
  /** Polls in a row that brought nothing. */
  readonly emptyPolls: number;
  /** When the next change is expected, by `ChangeRate`; null if there is no telling. */
  readonly predictedAt: number | null;
  /** What the server asked for, or 0. */
  readonly retryAfterMs: number;
  readonly random: number;
}

/** How long to wait until the next poll. */
export function pollDelay(facts: PollingFacts): number {
  const { now, random, retryAfterMs } = facts;
  const pace = now - facts.sessionCreatedAt > OLD_MS ? oldSession : newSession;
  const wait = clamp(expected(facts) ?? usual(facts, pace), pace.initial, pace.max);
  return Math.max(wait * (1 - JITTER * random), retryAfterMs * (1 + JITTER * random));
}

function usual({ now, livelyAt, emptyPolls }: PollingFacts, pace: Pace): number {
  if (now - livelyAt < LIVELY_MS) return pace.initial;
  return pace.normal * STRETCH ** Math.min(emptyPolls, 20);
}

function expected({ now, predictedAt }: PollingFacts): number | null {
  if (predictedAt === null || predictedAt + SLACK_MS < now) return null;
  return predictedAt + SLACK_MS - now;
}

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

/** Intervals needed before a rhythm is believed. */
const RHYTHM = 3;
/** Weight of the newest interval in the moving averages. */
const NEWEST = 0.3;

/**
 * The rhythm in which changes come: moving averages of the interval and of its deviation.
 * A steady rhythm predicts the next change; an unsteady one predicts nothing.
 */
export class ChangeRate {
  #lastAt: number | null = null;
  #intervals = 0;
  #mean = 0;
  #deviation = 0;

  /** A change was committed at `at`. */
  saw(at: number): void {
    if (this.#lastAt !== null && at > this.#lastAt) {
      const interval = at - this.#lastAt;
      const weight = this.#intervals === 0 ? 1 : NEWEST;
      this.#deviation += weight * (Math.abs(interval - this.#mean) - this.#deviation);
      if (this.#intervals === 0) this.#deviation = 0;
      this.#mean += weight * (interval - this.#mean);
      this.#intervals += 1;
    }
    if (this.#lastAt === null || at > this.#lastAt) this.#lastAt = at;
  }

  /** When the next change is expected, or null while there is no steady rhythm. */
  predict(): number | null {
    const steady = this.#intervals >= RHYTHM && this.#deviation <= this.#mean / 2;
    return steady && this.#lastAt !== null ? this.#lastAt + this.#mean : null;
  }
}

/*
 * The slow pulse (design §5): a lost last event leaves no gap, so now and then the revision is
 * read although a socket is open. Every pulse that arrives by itself proves as much, so the wait
 * counts from the last proof.
 */

export const PULSE_MS = 30_000;
export const PULSE_MAX_MS = 5 * 60_000;
/** With nothing running and nobody there, a slip may wait for the next touch, which reads at once. */
export const PULSE_UNATTENDED_MS = 15 * 60_000;

export interface PulseFacts {
  /** Work of this scope is under way. */
  readonly working: boolean;
  readonly attended: boolean;
  /** Pulses in a row that found nothing. */
  readonly emptyPulses: number;
}

/** How long after the last proof of being current the next one is fetched. */
export function pulseDelay({ working, attended, emptyPulses }: PulseFacts): number {
  if (working) return PULSE_MS;
  const ceiling = attended ? PULSE_MAX_MS : PULSE_UNATTENDED_MS;
  return Math.min(ceiling, PULSE_MS * 2 ** Math.min(emptyPulses, 10));
}

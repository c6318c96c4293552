import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ChangeRate,
  OLD_MS,
  type PollingFacts,
  PULSE_MAX_MS,
  PULSE_MS,
  PULSE_UNATTENDED_MS,
  pollDelay,
  pulseDelay,
} from "./polling-schedule.ts";

const second = 1_000;
const minute = 60 * second;
const now = 1_000_000 * second;
const facts = (over: Partial<PollingFacts>): PollingFacts => ({
  now,
  sessionCreatedAt: now - 10 * second,
  livelyAt: now,
  emptyPolls: 0,
  predictedAt: null,
  retryAfterMs: 0,
  random: 0,
  ...over,
});
const old = { sessionCreatedAt: now - OLD_MS - 1 };

describe("the polling schedule", () => {
  it.each([
    ["a new session that lives: every 5 s", {}, 5 * second],
    [
      "a new session after 2 quiet minutes: every 15 s",
      { livelyAt: now - 2 * minute },
      15 * second,
    ],
    ["a new session without news: 30 s at most", { livelyAt: 0, emptyPolls: 50 }, 30 * second],
    ["an old session: every 30 s", old, 30 * second],
    [
      "an old session after 2 quiet minutes: every minute",
      { ...old, livelyAt: now - 2 * minute },
      minute,
    ],
    [
      "an old session without news: 5 min at most",
      { ...old, livelyAt: 0, emptyPolls: 50 },
      5 * minute,
    ],
    [
      "a change expected in 20 s: shortly after it",
      { predictedAt: now + 20 * second },
      20.5 * second,
    ],
    ["a change expected at once: not more often than 5 s", { predictedAt: now + 1 }, 5 * second],
    [
      "a change expected in an hour: not later than the maximum",
      { predictedAt: now + 60 * minute },
      30 * second,
    ],
    [
      "an expected change that did not come: as if none were expected",
      { predictedAt: now - minute },
      5 * second,
    ],
    ["a server that asks for patience: not before", { retryAfterMs: 2 * minute }, 2 * minute],
  ])("%s", (_, over, delay) => {
    expect(pollDelay(facts(over))).toBe(delay);
  });

  it("spreads polls below their time by up to a fifth, never above the maxima", () => {
    fc.assert(
      fc.property(
        fc.record({
          sessionCreatedAt: fc.integer({ min: 0, max: now }),
          livelyAt: fc.integer({ min: 0, max: now }),
          emptyPolls: fc.nat(1_000),
          random: fc.double({ min: 0, max: 0.9999, noNaN: true }),
        }),
        (over) => {
          const delay = pollDelay(facts(over));
          const isOld = now - over.sessionCreatedAt > OLD_MS;
          expect(delay).toBeGreaterThanOrEqual((isOld ? 30 : 5) * second * 0.8);
          expect(delay).toBeLessThanOrEqual(isOld ? 5 * minute : 30 * second);
        },
      ),
    );
  });

  it("never comes before Retry-After", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0, max: 0.9999, noNaN: true }),
        (retryAfterMs, random) => {
          expect(pollDelay(facts({ retryAfterMs, random }))).toBeGreaterThanOrEqual(retryAfterMs);
        },
      ),
    );
  });
});

describe("the rhythm of changes", () => {
  it("predicts the next of a steady series", () => {
    const rate = new ChangeRate();
    for (const at of [0, 20, 40, 60, 80]) rate.saw(at * second);
    expect(rate.predict()).toBe(100 * second);
  });

  it("predicts nothing from a few changes, or from unsteady ones", () => {
    const rate = new ChangeRate();
    for (const at of [0, 20, 40]) rate.saw(at * second);
    expect(rate.predict()).toBeNull();
    for (const at of [41, 300, 301, 302, 900]) rate.saw(at * second);
    expect(rate.predict()).toBeNull();
  });
});

describe("the slow pulse", () => {
  it.each([
    ["work is running", { working: true, attended: false, emptyPulses: 99 }, PULSE_MS],
    ["nothing runs, just now", { working: false, attended: true, emptyPulses: 0 }, PULSE_MS],
    ["nothing runs, for a while", { working: false, attended: true, emptyPulses: 2 }, 4 * PULSE_MS],
    ["nothing runs", { working: false, attended: true, emptyPulses: 99 }, PULSE_MAX_MS],
    [
      "nothing runs and nobody is there",
      { working: false, attended: false, emptyPulses: 99 },
      PULSE_UNATTENDED_MS,
    ],
  ])("when %s", (_, over, delay) => {
    expect(pulseDelay(over)).toBe(delay);
  });
});

import { beforeEach, describe, expect, it, vi } from "vitest";
import { CatchUp, PAGE_TIMEOUT_MS } from "./catch-up.ts";
import { type Delta, DeltaFailure } from "./delta.ts";
import { ManualClock, settle } from "./testing/manual-clock.ts";

const page = (upto: number, revision = upto): Delta => ({
  revision,
  upto,
  more: upto < revision,
  changes: [],
  ahead: [],
  flags: null,
});

describe("the catch-up", () => {
  let clock: ManualClock;
  let revision: number;
  let answers: ((delta: Delta) => void)[];
  let refusals: ((failure: DeltaFailure) => void)[];
  const read = vi.fn();
  const ended = vi.fn();
  let catchUp: CatchUp;

  beforeEach(() => {
    clock = new ManualClock(0);
    revision = 10;
    answers = [];
    refusals = [];
    ended.mockReset();
    read.mockReset().mockImplementation(
      () =>
        new Promise<Delta>((resolve, reject) => {
          answers.push(resolve);
          refusals.push(reject);
        }),
    );
    catchUp = new CatchUp({
      read,
      clock,
      random: () => 0.5,
      target: {
        since: () => revision,
        take: (_, { upto }) => {
          revision = upto;
        },
        requested: () => {},
        ended,
      },
    });
  });

  it("reads page after page until there is no more", async () => {
    const done = catchUp.run();
    await settle();
    answers[0]?.(page(20, 25));
    await settle();
    answers[1]?.(page(25));
    expect(await done).toEqual({ kind: "done", changed: 0 });
    expect(read.mock.calls.map(([since]) => since)).toEqual([10, 20]);
  });

  it("shares one reading between those who ask in the same breath", async () => {
    void catchUp.run();
    void catchUp.run();
    await settle();
    expect(read).toHaveBeenCalledTimes(1);
    answers[0]?.(page(11));
    await settle();
    expect(read).toHaveBeenCalledTimes(1);
  });

  it("answers whoever asks during a reading with one that began later", async () => {
    void catchUp.run();
    await settle();
    const later = [catchUp.run(), catchUp.run()];
    expect(read).toHaveBeenCalledTimes(1);
    answers[0]?.(page(11));
    await settle();
    expect(read).toHaveBeenCalledTimes(2);
    answers[1]?.(page(12));
    await Promise.all(later);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it("tries again after a failure, with jitter and growing waits, until it succeeds", async () => {
    void catchUp.run();
    await settle();
    refusals[0]?.(new DeltaFailure("network", {}));
    await clock.advance(499);
    expect(read).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(read).toHaveBeenCalledTimes(2);
    refusals[1]?.(new DeltaFailure("network", {}));
    await clock.advance(999);
    expect(read).toHaveBeenCalledTimes(2);
    await clock.advance(1);
    answers[2]?.(page(11));
    await settle();
    expect(ended.mock.calls.map(([failure]) => failure?.kind ?? null)).toEqual([
      "network",
      "network",
      null,
    ]);
    expect(catchUp.retryAt).toBeNull();
  });

  it("does not try again before Retry-After, however often it is asked to heal", async () => {
    void catchUp.run();
    await settle();
    refusals[0]?.(new DeltaFailure("throttled", { retryAfterMs: 60_000 }));
    await settle();
    expect(catchUp.retryAt).toBe(60_000);
    catchUp.heal();
    await clock.advance(59_999);
    expect(read).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it("sends nothing while paused, and makes up for it once", async () => {
    catchUp.pause();
    expect(await catchUp.run()).toEqual({ kind: "paused" });
    await catchUp.run();
    await clock.advance(600_000);
    expect(read).not.toHaveBeenCalled();
    catchUp.resume();
    catchUp.resume();
    await settle();
    expect(read).toHaveBeenCalledTimes(1);
  });

  it("keeps a due retry for after the pause", async () => {
    void catchUp.run();
    await settle();
    refusals[0]?.(new DeltaFailure("network", {}));
    await settle();
    catchUp.pause();
    await clock.advance(600_000);
    expect(read).toHaveBeenCalledTimes(1);
    catchUp.resume();
    await settle();
    expect(read).toHaveBeenCalledTimes(2);
  });

  it("gives up a reading that is never answered, and has more patience with the next", async () => {
    const first = catchUp.run();
    await settle();
    const asked = catchUp.run();
    await clock.advance(PAGE_TIMEOUT_MS);
    expect(await first).toMatchObject({ kind: "failed" });
    expect(read.mock.calls[0]?.[2].aborted).toBe(true);
    expect(read).toHaveBeenCalledTimes(2);
    await clock.advance(2 * PAGE_TIMEOUT_MS - 1);
    answers[1]?.(page(11));
    expect(await asked).toEqual({ kind: "done", changed: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it("does not believe a page that promises more and brings nothing", async () => {
    const done = catchUp.run();
    await settle();
    answers[0]?.({ ...page(10), more: true });
    expect(await done).toMatchObject({ kind: "done" });
  });

  it("takes nothing in after it was stopped", async () => {
    const done = catchUp.run();
    await settle();
    catchUp.stop();
    expect(await done).toEqual({ kind: "paused" });
    answers[0]?.(page(20));
    await settle();
    expect(revision).toBe(10);
    expect(clock.pendingTimers).toBe(0);
  });
});

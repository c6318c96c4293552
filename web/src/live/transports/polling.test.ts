import { beforeEach, describe, expect, it } from "vitest";
import { Activity } from "../activity.ts";
import type { CaughtUp } from "../catch-up.ts";
import { fakeSink } from "../testing/fake-sink.ts";
import { ManualClock, settle } from "../testing/manual-clock.ts";
import { pollingTransport } from "./polling.ts";

describe("the polling transport", () => {
  let clock: ManualClock;
  let activity: Activity;
  let answer: CaughtUp;
  let sink: ReturnType<typeof fakeSink>;
  let close: () => void;

  beforeEach(async () => {
    clock = new ManualClock();
    activity = new Activity(clock);
    answer = { kind: "done", changed: 0 };
    sink = fakeSink(async () => answer);
    const now = clock.now();
    close = pollingTransport({
      clock,
      activity,
      random: () => 0,
      view: { sessionCreatedAt: () => now, livelyAt: () => now, predictedAt: () => null },
    }).open(sink);
    await settle();
  });

  it("is up at once, and polls by the schedule: 5 s for 2 min, then 15 s, 30 s at most", async () => {
    expect(sink.up).toHaveBeenCalledTimes(1);
    await clock.advance(120_000);
    expect(sink.recheck).toHaveBeenCalledTimes(1 + 24);
    await clock.advance(3_600_000);
    expect(sink.recheck).toHaveBeenCalledTimes(1 + 24 + 120);
  });

  it("waits while something is touched, and polls right after", async () => {
    await clock.advance(4_000);
    activity.touched();
    await clock.advance(1_000);
    expect(sink.recheck).toHaveBeenCalledTimes(1);
    await clock.advance(500);
    expect(sink.recheck).toHaveBeenCalledTimes(2);
  });

  it("sends nothing from a hidden tab, and one request when it is shown", async () => {
    activity.setHidden(true);
    await clock.advance(3_600_000);
    expect(sink.recheck).toHaveBeenCalledTimes(1);
    activity.setHidden(false);
    await clock.advance(0);
    expect(sink.recheck).toHaveBeenCalledTimes(2);
  });

  it("honours Retry-After", async () => {
    answer = { kind: "failed", why: "throttled", retryAfterMs: 60_000 };
    await clock.advance(5_000);
    answer = { kind: "done", changed: 0 };
    await clock.advance(59_000);
    expect(sink.recheck).toHaveBeenCalledTimes(2);
    await clock.advance(2_000);
    expect(sink.recheck).toHaveBeenCalledTimes(3);
  });

  it("is down when the server stays out of reach", async () => {
    answer = { kind: "failed", why: "network", retryAfterMs: null };
    await clock.advance(60_000);
    expect(sink.recheck).toHaveBeenCalledTimes(1 + 2);
    expect(sink.down).toHaveBeenCalledExactlyOnceWith("unreachable", 0);
  });

  it("leaves nothing behind when closed", async () => {
    close();
    await clock.advance(60_000);
    expect(sink.recheck).toHaveBeenCalledTimes(1);
    expect(clock.pendingTimers).toBe(0);
  });
});

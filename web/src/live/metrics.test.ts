import { describe, expect, it } from "vitest";
import { Metrics, percentile } from "./metrics.ts";
import { ManualClock } from "./testing/manual-clock.ts";

describe("the metrics", () => {
  it("time from commit to applied, by percentiles", () => {
    const clock = new ManualClock();
    const metrics = new Metrics(clock);
    for (let latency = 1; latency <= 100; latency++) metrics.applied(clock.now() - latency);
    expect(metrics.get()).toMatchObject({
      latencyP50Ms: 50,
      latencyP95Ms: 95,
      latencyLastMs: 100,
      lastUpdateAt: clock.now(),
    });
  });

  it("allow for a server whose clock is ahead", () => {
    const clock = new ManualClock();
    const metrics = new Metrics(clock);
    metrics.applied(clock.now() + 2_000);
    metrics.applied(clock.now() + 1_980);
    expect(metrics.get()).toMatchObject({ latencyLastMs: 20 });
  });

  it("note an update that did not come live without timing it", () => {
    const clock = new ManualClock();
    const metrics = new Metrics(clock);
    metrics.applied(null);
    expect(metrics.get()).toMatchObject({ latencyP50Ms: null, lastUpdateAt: clock.now() });
  });

  it("know that nothing has no percentile", () => {
    expect(percentile([], 0.5)).toBeNull();
    expect(percentile([7], 0.99)).toBe(7);
  });
});

import { beforeEach, describe, expect, it, vi } from "vitest";
import { Metrics, percentile } from "./metrics.ts";
import { type MetricsSample, REPORT_MS, reportMetrics } from "./metrics-reporter.ts";
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

describe("the reporting of metrics", () => {
  const samples = vi.fn<(sample: MetricsSample) => void>();
  let clock: ManualClock;
  let metrics: Metrics;
  let hidden: boolean;
  let stop: () => void;
  beforeEach(() => {
    samples.mockReset();
    clock = new ManualClock();
    metrics = new Metrics(clock);
    hidden = false;
    stop = reportMetrics({
      clock,
      metrics,
      transport: () => "websocket",
      hidden: () => hidden,
      send: samples,
    });
  });

  it("sends what was counted since the sample before", async () => {
    metrics.count("requests", 3);
    metrics.applied(clock.now() - 12);
    await clock.advance(REPORT_MS);
    metrics.count("requests", 2);
    metrics.applied(null);
    await clock.advance(REPORT_MS);
    expect(samples.mock.calls.map(([sample]) => sample.requests)).toEqual([3, 2]);
    expect(samples.mock.calls[0]?.[0]).toMatchObject({ latencyP50Ms: 12, transport: "websocket" });
  });

  it("sends nothing while nothing happens, nothing from a hidden tab, nothing once stopped", async () => {
    await clock.advance(REPORT_MS);
    metrics.applied(null);
    hidden = true;
    await clock.advance(REPORT_MS);
    expect(samples).not.toHaveBeenCalled();
    stop();
    expect(clock.pendingTimers).toBe(0);
  });
});

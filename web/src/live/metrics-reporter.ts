import type { Cancel, Clock } from "./clock.ts";
import type { Metrics, MetricsSnapshot } from "./metrics.ts";
import type { TransportKind } from "./transport.ts";

/** How often a scope's figures are sent, if there is anything to tell. */
export const REPORT_MS = 30 * 60_000;

/** A sample of `client_metrics`; the counters are of the time since the sample before. */
export interface MetricsSample
  extends Pick<MetricsSnapshot, "latencyP50Ms" | "latencyP95Ms" | CounterName> {
  readonly transport: TransportKind | null;
}

type CounterName = "reconnects" | "gapsHealed" | "requests" | "droppedFrames";

interface ReporterDeps {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly transport: () => TransportKind | null;
  /** Not sent from a hidden tab, nor when nothing was updated since the last sample. */
  readonly hidden: () => boolean;
  /** Sends a sample. May fail without consequence: metrics are not worth a retry. */
  readonly send: (sample: MetricsSample) => void;
}

/** Samples a scope's metrics now and then. Idle and hidden pages send nothing. */
export function reportMetrics(deps: ReporterDeps): Cancel {
  const { clock, metrics } = deps;
  let last = metrics.get();
  let cancel: Cancel = () => {};
  const report = (): void => {
    const now = metrics.get();
    if (!deps.hidden() && now.lastUpdateAt !== last.lastUpdateAt) {
      deps.send({
        transport: deps.transport(),
        latencyP50Ms: now.latencyP50Ms,
        latencyP95Ms: now.latencyP95Ms,
        reconnects: now.reconnects - last.reconnects,
        gapsHealed: now.gapsHealed - last.gapsHealed,
        requests: now.requests - last.requests,
        droppedFrames: now.droppedFrames - last.droppedFrames,
      });
      last = now;
    }
    cancel = clock.after(REPORT_MS, report);
  };
  cancel = clock.after(REPORT_MS, report);
  return () => cancel();
}

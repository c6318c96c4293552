import type { RunRow } from "../../lib/rows.ts";

type FinishedRun = Pick<
  RunRow,
  "source_kind" | "status" | "outcome" | "items_found" | "started_at" | "finished_at"
>;

export interface KindSummary {
  readonly kind: string;
  readonly runs: number;
  /** Share of the runs that were read to the end, 0…1. */
  readonly worked: number;
  readonly found: number;
  /** Seconds; null when none was timed. */
  readonly median: number | null;
}

/** Runs by kind of source, most runs first. */
export function summariseRuns(runs: readonly FinishedRun[]): KindSummary[] {
  const byKind = Map.groupBy(runs, (run) => run.source_kind);
  return [...byKind]
    .map(([kind, all]) => ({
      kind,
      runs: all.length,
      worked: all.filter((run) => run.status === "completed").length / all.length,
      found: all.reduce((sum, run) => sum + run.items_found, 0),
      median: median(all.flatMap(seconds)),
    }))
    .toSorted((a, b) => b.runs - a.runs);
}

function seconds({ status, started_at, finished_at }: FinishedRun): number[] {
  if (status !== "completed" || !started_at || !finished_at) return [];
  return [(Date.parse(finished_at) - Date.parse(started_at)) / 1000];
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

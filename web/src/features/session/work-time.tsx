import { useEffect, useState } from "react";
import { ActivityDots } from "../../components/activity-dots.tsx";
import { formatDuration } from "../../lib/format/time.ts";
import { useLiveQuery, useLiveRow } from "../../lib/live/use-live-rows.ts";
import { sessionTexts as t } from "../../lib/texts/session.ts";
import { useProgress } from "./api/get-progress.ts";
import { useSession, useSessionId } from "./use-session.ts";

/** How long the running work has taken, and will. Mounted while something runs, and ticking. */
export function WorkTime() {
  const now = useNow();
  const since = useWorkingSince();
  const { data } = useProgress(useSessionId(), useMark());
  const eta = data?.eta_seconds == null ? null : data.eta_seconds - (now - data.readAt) / 1000;
  return (
    <p className="flex items-center gap-2 text-xs text-ink-soft tabular-nums max-sm:hidden">
      <span className="text-accent">
        <ActivityDots />
      </span>
      {since === null ? null : t.elapsed(formatDuration((now - since) / 1000))}
      {eta === null ? null : (
        <>
          {since === null ? null : <span aria-hidden="true">·</span>}
          {t.left(formatDuration(Math.max(1, eta)))}
        </>
      )}
    </p>
  );
}

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** When the oldest thing that still runs was started. */
function useWorkingSince(): number | null {
  const [run] = useLiveQuery("scraping_runs", {
    key: "running, oldest first",
    filter: (run) => run.status === "running" && run.started_at !== null,
    sort: (a, b) => (a.started_at ?? "").localeCompare(b.started_at ?? ""),
  });
  const [batch] = useLiveQuery("enrichment_batches", {
    key: "running, oldest first",
    filter: (batch) => batch.status === "running" && batch.started_at !== null,
    sort: (a, b) => (a.started_at ?? "").localeCompare(b.started_at ?? ""),
  });
  const starts = [
    useLiveRow("scraping_runs", run ?? "", (row) => row.started_at),
    useLiveRow("enrichment_batches", batch ?? "", (row) => row.started_at),
  ].flatMap((iso) => (iso ? [Date.parse(iso)] : []));
  return starts.length === 0 ? null : Math.min(...starts);
}

/** Changes when a source has ended or the enrichment has moved on by a tenth. */
function useMark(): string | null {
  const mark = useSession((s) => {
    const enriched = s.enrichment_completed + s.enrichment_failed;
    const tenth = s.enrichment_total === 0 ? 0 : Math.floor((10 * enriched) / s.enrichment_total);
    return `${s.runs_finished}/${s.runs_total} ${tenth}/${s.enrichment_total}`;
  });
  return mark ?? null;
}

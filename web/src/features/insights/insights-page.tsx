import { Gauge, TriangleAlert } from "lucide-react";
import { Link } from "wouter";
import type { Progress } from "../../../../functions/_shared/contract/workflow.ts";
import { Badge } from "../../components/badge.tsx";
import { EmptyState, FailureNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { formatDuration } from "../../lib/format/time.ts";
import { insightsTexts as t } from "../../lib/texts/insights.ts";
import { useRunningSessions } from "./api/running-sessions.ts";
import { History } from "./history.tsx";

/** How long it will still take, what slows it down, and what it has usually taken. */
export default function InsightsPage() {
  const running = useRunningSessions();
  return (
    <div className="mx-auto max-w-300 pb-12">
      <PageHeader title={t.title} />
      <div className="flex flex-col gap-8 px-4 md:px-8">
        <section aria-labelledby="running-title">
          <h2 id="running-title" className="mb-2 text-base font-semibold">
            {t.running}
          </h2>
          <div className="overflow-clip rounded-lg border border-line bg-surface">
            {running.isPending ? <SkeletonRows rows={2} /> : null}
            {running.isError ? (
              <FailureNotice
                className="m-4"
                error={running.error}
                onRetry={() => void running.refetch()}
              />
            ) : null}
            {running.data?.length === 0 ? (
              <EmptyState icon={Gauge} title={t.nothingRuns.title}>
                {t.nothingRuns.hint}
              </EmptyState>
            ) : null}
            <ul className="divide-y divide-line">
              {running.data?.map(({ session, progress }) => (
                <li key={session.id} className="px-4 py-3">
                  <div className="flex flex-wrap items-baseline justify-between gap-x-4">
                    <Link href={`/s/${session.id}`} className="font-medium hover:underline">
                      {session.name}
                    </Link>
                    <p className="text-ink-soft">
                      {progress.eta_seconds === null
                        ? t.leftUnknown
                        : t.left(formatDuration(progress.eta_seconds))}
                    </p>
                  </div>
                  <Bottlenecks bottlenecks={progress.bottlenecks} />
                </li>
              ))}
            </ul>
          </div>
        </section>
        <History />
      </div>
    </div>
  );
}

function Bottlenecks({ bottlenecks }: Pick<Progress, "bottlenecks">) {
  if (bottlenecks.length === 0) return <p className="text-xs text-ink-faint">{t.noBottleneck}</p>;
  return (
    <ul className="mt-1 flex flex-col gap-1">
      {bottlenecks.map(({ kind, severity, message }) => (
        <li key={`${kind} ${message}`} className="flex items-center gap-2">
          <TriangleAlert
            aria-hidden="true"
            size={14}
            className={severity === "critical" ? "text-bad" : "text-warn"}
          />
          <Badge tone={severity === "critical" ? "bad" : "warn"}>{t.severity[severity]}</Badge>
          <span className="text-ink-soft">{message}</span>
        </li>
      ))}
    </ul>
  );
}

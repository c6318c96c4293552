import { ChartNoAxesColumn } from "lucide-react";
import { lazyView } from "../../components/lazy-view.tsx";
import { EmptyState, FailureNotice } from "../../components/notice.tsx";
import { Region } from "../../components/region.tsx";
import { Skeleton, SkeletonRows } from "../../components/skeleton.tsx";
import { useSettledValue } from "../../components/use-settled-value.ts";
import { useLiveScope } from "../../lib/live/live-context.tsx";
import { resultsTexts as t } from "../../lib/texts/results.ts";
import { useSessionRow } from "../../lib/use-session-row.ts";
import { useResults } from "./api/get-results.ts";
import { Exports } from "./exports.tsx";
import { Funnel } from "./funnel.tsx";
import { ResultTable } from "./result-table.tsx";

const FoundOverTime = lazyView(
  () => import("./found-over-time.tsx"),
  <Skeleton className="h-56" />,
);
/** While work runs the figures are read again at most this often (ms); the funnel itself is live. */
const SETTLE_MS = 3_000;

export default function ResultsView() {
  const { id } = useLiveScope().scope;
  const mark = useSessionRow((s) =>
    [
      s.jobs_count,
      s.runs_finished,
      s.enrichment_completed,
      s.enrichment_failed,
      s.leads_sent,
    ].join(),
  );
  const results = useResults(id, useSettledValue(mark ?? "", SETTLE_MS));
  if (results.isPending) return <SkeletonRows rows={5} />;
  if (!results.data) {
    return (
      <FailureNotice className="m-6" error={results.error} onRetry={() => void results.refetch()} />
    );
  }
  const { funnel, source, provider } = results.data;
  if (source.length === 0 && funnel.every(({ found }) => found === 0)) {
    return (
      <EmptyState icon={ChartNoAxesColumn} title={t.empty.title} className="mt-12">
        {t.empty.hint}
      </EmptyState>
    );
  }
  return (
    <div className="mx-auto flex max-w-260 flex-col gap-8 px-4 pt-4 pb-20 md:px-6 md:pt-6">
      {results.isError ? <FailureNotice error={results.error} /> : null}
      <Funnel steps={funnel} />
      <Region>
        <FoundOverTime />
      </Region>
      <ResultTable
        title={t.sources.title}
        name={t.sources.name}
        none={t.sources.none}
        rows={source}
      />
      <ResultTable
        title={t.providers.title}
        name={t.providers.name}
        none={t.providers.none}
        rows={provider.map((row) => ({ ...row, name: t.provider[row.name] ?? row.name }))}
        inCredits
      />
      <Exports sessionId={id} />
    </div>
  );
}

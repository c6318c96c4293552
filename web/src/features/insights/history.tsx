import { FailureNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { WideTable } from "../../components/wide-table.tsx";
import { formatCount, formatCredits, formatShare } from "../../lib/format/number.ts";
import { formatDuration } from "../../lib/format/time.ts";
import { insightsTexts as t } from "../../lib/texts/insights.ts";
import { scrapingTexts } from "../../lib/texts/scraping.ts";
import { useHistory } from "./api/history.ts";
import type { KindSummary } from "./summarise-runs.ts";

export function History() {
  const { data, error, isPending, refetch } = useHistory();
  if (isPending) return <SkeletonRows rows={4} />;
  if (!data) return <FailureNotice error={error} onRetry={() => void refetch()} />;
  const { completed, failed, spent, saved } = data.enrichment;
  const figures: [string, string][] = [
    [t.completed, formatCount(completed)],
    [t.failed, formatCount(failed)],
    [t.spent, formatCredits(spent)],
    [t.saved, formatCredits(saved)],
  ];
  return (
    <>
      <section>
        <h2 id="history-title" className="mb-2 text-base font-semibold">
          {t.history}
        </h2>
        {data.kinds.length === 0 ? (
          <p className="text-ink-soft">{t.historyNone}</p>
        ) : (
          <KindTable kinds={data.kinds} />
        )}
      </section>
      <section aria-labelledby="enrichment-title">
        <h2 id="enrichment-title" className="mb-2 text-base font-semibold">
          {t.enrichment}
        </h2>
        {completed + failed === 0 ? (
          <p className="text-ink-soft">{t.enrichmentNone}</p>
        ) : (
          <dl className="grid grid-cols-2 gap-px overflow-clip rounded-lg border border-line bg-line sm:grid-cols-4">
            {figures.map(([label, value]) => (
              <div key={label} className="bg-surface px-4 py-3">
                <dt className="text-xs text-ink-faint">{label}</dt>
                <dd className="text-xl font-semibold">{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </section>
    </>
  );
}

function KindTable({ kinds }: { readonly kinds: readonly KindSummary[] }) {
  return (
    <WideTable label={t.history}>
      <thead>
        <tr className="border-b border-line text-right text-xs text-ink-soft [&>th]:font-medium">
          <th scope="col" className="text-left">
            {t.column.kind}
          </th>
          <th scope="col">{t.column.runs}</th>
          <th scope="col">{t.column.worked}</th>
          <th scope="col">{t.column.found}</th>
          <th scope="col">{t.column.median}</th>
        </tr>
      </thead>
      <tbody>
        {kinds.map(({ kind, runs, worked, found, median }) => (
          <tr key={kind} className="border-b border-line text-right last:border-0">
            <th scope="row" className="text-left font-medium">
              {scrapingTexts.kind[kind] ?? kind}
            </th>
            <td>{formatCount(runs)}</td>
            <td className={worked < 0.5 ? "text-bad" : "text-ink-soft"}>{formatShare(worked)}</td>
            <td>{formatCount(found)}</td>
            <td className="text-ink-soft">{median === null ? "–" : formatDuration(median)}</td>
          </tr>
        ))}
      </tbody>
    </WideTable>
  );
}

import { useMemo } from "react";
import { LineChart } from "../../components/line-chart.tsx";
import { useSettledValue } from "../../components/use-settled-value.ts";
import { useLiveScope } from "../../lib/live/live-context.tsx";
import { useLiveQuery } from "../../lib/live/use-live-rows.ts";
import { resultsTexts } from "../../lib/texts/results.ts";
import { foundOverTime } from "./found-series.ts";

const t = resultsTexts.overTime;

export default function FoundOverTime() {
  const { store } = useLiveScope();
  const latest = useLiveQuery("job_postings", {
    key: "newest first",
    sort: (a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0),
  });
  const ids = useSettledValue(latest, 1_000);
  const series = useMemo(
    () =>
      foundOverTime(
        ids.map((id) => Date.parse(String(store.row("job_postings", id)?.created_at))).reverse(),
      ),
    [ids, store],
  );
  return (
    <section aria-labelledby="over-time-title">
      <h2 id="over-time-title" className="mb-3 text-base font-semibold">
        {t.title}
      </h2>
      <div className="rounded-lg border border-line bg-surface p-4">
        {series ? (
          <LineChart label={t.title} xs={series.seconds} ys={series.found} height={200} />
        ) : (
          <p className="text-ink-soft">{t.none}</p>
        )}
      </div>
    </section>
  );
}

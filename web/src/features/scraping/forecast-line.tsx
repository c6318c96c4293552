import { formatDollars } from "../../lib/format/number.ts";
import { formatDuration } from "../../lib/format/time.ts";
import { useLiveScope } from "../../lib/live/live-context.tsx";
import { forecastTexts as t } from "../../lib/texts/forecast.ts";
import { type SourceInput, useForecast } from "./api/forecast-scraping.ts";

export function ForecastLine({ sources }: { readonly sources: readonly SourceInput[] }) {
  const { data } = useForecast(useLiveScope().scope.id, sources);
  if (!data) return null;
  return (
    <p aria-live="polite">
      <span className="text-ink-soft">
        {[
          t.requests(data.requests),
          t.seconds(formatDuration(data.seconds)),
          data.cost > 0 ? formatDollars(data.cost) : t.free,
        ].join(" · ")}
      </span>{" "}
      ({t[data.basis]})
      {data.notes.map((note) => (
        <span key={note} className="block">
          {note}
        </span>
      ))}
    </p>
  );
}

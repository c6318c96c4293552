import { useMemo, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { TextField } from "../../components/field.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { formatCredits } from "../../lib/format/number.ts";
import { formatDuration } from "../../lib/format/time.ts";
import { useLiveScope } from "../../lib/live/live-context.tsx";
import { common } from "../../lib/texts/common.ts";
import { enrichmentTexts } from "../../lib/texts/enrichment.ts";
import { forecastTexts } from "../../lib/texts/forecast.ts";
import { useForecast } from "./api/forecast-enrichment.ts";
import { useStartEnrichment } from "./api/start-enrichment.ts";
import { useWaterfall } from "./use-waterfall.ts";
import { WaterfallEditor } from "./waterfall-editor.tsx";

const t = enrichmentTexts.dialog;

interface Props {
  readonly open: boolean;
  readonly selected: readonly string[];
  readonly onClose: () => void;
}

export function EnrichDialog({ open, selected, onClose }: Props) {
  return open ? <OpenDialog selected={selected} onClose={onClose} /> : null;
}

/** Which providers, under which conditions, for how much at most, with a forecast beside it. */
function OpenDialog({ selected, onClose }: Omit<Props, "open">) {
  const { store, scope } = useLiveScope();
  const companyIds = useMemo(
    () =>
      selected.flatMap((id) => {
        const company = store.row("session_companies", id)?.company_id;
        return typeof company === "string" ? [company] : [];
      }),
    [selected, store],
  );
  const [waterfall, setWaterfall] = useWaterfall();
  const forecast = useForecast(scope.id, companyIds, waterfall);
  const [ceiling, setCeiling] = useState<string | null>(null);
  const paid = waterfall.some(({ provider }) => provider !== "website");
  const expected = Math.ceil(forecast.data?.cost ?? 0);
  // What it may cost at most is not known yet; at 0 nothing that costs would be asked.
  const unknown = paid && ceiling === null && !forecast.data;
  const start = useStartEnrichment(onClose);
  const run = () =>
    start.mutate({
      session_id: scope.id,
      company_ids: companyIds,
      providers: waterfall,
      cost_ceiling: paid ? Number(ceiling ?? expected) : 0,
    });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.title(selected.length)}
      hint={t.hint}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            variant="primary"
            disabled={waterfall.length === 0 || companyIds.length === 0 || unknown}
            busy={start.isPending}
            onClick={run}
          >
            {t.start}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <WaterfallEditor waterfall={waterfall} onChange={setWaterfall} />
        {paid ? (
          <TextField
            label={t.ceiling}
            hint={t.ceilingHint}
            type="number"
            min={0}
            inputMode="decimal"
            className="max-w-60"
            value={ceiling ?? String(expected)}
            onChange={(event) => setCeiling(event.target.value)}
          />
        ) : null}
        <div aria-live="polite" className="min-h-10 rounded-md bg-sunken px-3 py-2 text-ink-soft">
          {forecast.data ? (
            <>
              {[
                forecastTexts.requests(forecast.data.requests),
                forecastTexts.seconds(formatDuration(forecast.data.seconds)),
                forecast.data.cost > 0
                  ? forecastTexts.credits(formatCredits(forecast.data.cost))
                  : forecastTexts.free,
              ].join(" · ")}{" "}
              <span className="text-ink-faint">({forecastTexts[forecast.data.basis]})</span>
              {forecast.data.notes.map((note) => (
                <p key={note} className="text-xs">
                  {note}
                </p>
              ))}
            </>
          ) : (
            t.forecast
          )}
        </div>
        {start.isError ? <FailureNotice error={start.error} onRetry={run} /> : null}
      </div>
    </Dialog>
  );
}

import { RotateCcw } from "lucide-react";
import { ActivityDots } from "../../components/activity-dots.tsx";
import { Button } from "../../components/button.tsx";
import { useControls } from "../../lib/api/use-controls.ts";
import { useWhyWaiting } from "../../lib/api/why-waiting.ts";
import { formatMoment } from "../../lib/format/time.ts";
import type { LiveRow } from "../../lib/live/live-tables.ts";
import { useLiveRow } from "../../lib/live/use-live-rows.ts";
import type { EnrichmentRow } from "../../lib/rows.ts";
import { companyTexts as t } from "../../lib/texts/company.ts";
import { enrichmentTexts } from "../../lib/texts/enrichment.ts";
import { useIdsBy } from "../../lib/use-ids-by.ts";

/** How far the enrichment of this company is, and why it is not further. */
export function EnrichmentState({ company }: { readonly company: LiveRow<"session_companies"> }) {
  const ids = useIdsBy("enrichment_status", "company_id");
  const status = useLiveRow("enrichment_status", ids.get(company.company_id) ?? "");
  if (!status) return <p className="text-ink-faint">{t.notEnriched}</p>;
  return <Status status={status} />;
}

function Status({ status }: { readonly status: Readonly<EnrichmentRow> }) {
  const controls = useControls("company", status.id);
  const { status: now } = status;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-sunken px-3 py-2">
      <div className="min-w-40 flex-1">
        <p className="flex items-center gap-2 font-medium">
          {now === "running" ? (
            <span className="text-accent">
              <ActivityDots />
            </span>
          ) : null}
          {enrichmentTexts.status[now]}
          {status.finished_at ? (
            <span className="text-xs font-normal text-ink-faint">
              {formatMoment(status.finished_at)}
            </span>
          ) : null}
        </p>
        <p className={now === "failed" ? "text-bad" : "text-ink-soft"}>
          {status.error_message ?? status.step}
        </p>
        {now === "queued" ? <Why id={status.id} /> : null}
      </div>
      {now === "queued" ? (
        <Button dense="sm" busy={controls.busy} onClick={controls.first}>
          {t.first}
        </Button>
      ) : null}
      {now === "queued" || now === "running" ? null : (
        <Button dense="sm" busy={controls.busy} onClick={controls.retry}>
          <RotateCcw aria-hidden="true" size={13} />
          {t.again}
        </Button>
      )}
    </div>
  );
}

function Why({ id }: { readonly id: string }) {
  const sentence = useWhyWaiting({ target: "company", id });
  return sentence ? <p className="text-xs text-ink-soft">{sentence}</p> : null;
}

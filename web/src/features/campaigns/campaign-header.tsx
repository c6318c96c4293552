import { Badge, workTones } from "../../components/badge.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { Failure } from "../../lib/api/failure.ts";
import { useLiveRow } from "../../lib/live/use-live-rows.ts";
import { campaignTexts as t } from "../../lib/texts/campaigns.ts";
import { CampaignActions } from "./campaign-actions.tsx";

/** What the campaign is, how far it is, and what can be done with it now. */
export function CampaignHeader({ id }: { readonly id: string }) {
  const campaign = useLiveRow("campaigns", id);
  if (!campaign) return null;
  const { status, leads_total, leads_ready, leads_sent, leads_replied, leads_failed } = campaign;
  const running = status === "preparing" || status === "pushing";
  const done = status === "pushing" ? leads_sent : leads_ready;
  return (
    <header className="flex flex-col gap-2 border-b border-line bg-surface px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Badge tone={workTones[status] ?? "plain"} dot={running}>
          {t.status[status]}
        </Badge>
        <span className="text-ink-soft">{t.createDialog.channels[campaign.channel]}</span>
        <p className="mr-auto text-xs text-ink-faint">
          {[
            t.counts(leads_ready, leads_total),
            leads_sent > 0 ? t.sent(leads_sent) : null,
            leads_replied > 0 ? t.replied(leads_replied) : null,
            leads_failed > 0 ? t.failed(leads_failed) : null,
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
        <CampaignActions campaign={campaign} />
      </div>
      {running ? (
        <div>
          <p className="mb-1 text-xs text-ink-soft">{campaign.step}</p>
          <ProgressBar
            value={leads_total === 0 ? null : done / leads_total}
            label={t.status[status] ?? status}
          />
        </div>
      ) : null}
      {status === "failed" && campaign.error_message ? (
        <FailureNotice error={new Failure("provider_failed", campaign.error_message)} />
      ) : null}
    </header>
  );
}

import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { ActivityDots } from "../../components/activity-dots.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { cx } from "../../lib/class-names.ts";
import { useLiveQuery, useLiveRow } from "../../lib/live/use-live-rows.ts";
import { sessionTexts } from "../../lib/texts/session.ts";

const t = sessionTexts.overlay;
const MOST = 4;

/** What runs right now, whichever stage is open. Gone when nothing does. */
export function ProgressOverlay() {
  const [open, setOpen] = useState(false);
  const runs = useLiveQuery("scraping_runs", {
    key: "running",
    filter: (run) => run.status === "running",
  });
  const batches = useLiveQuery("enrichment_batches", {
    key: "running",
    filter: (batch) => batch.status === "running",
  });
  const campaigns = useLiveQuery("campaigns", {
    key: "running",
    filter: (campaign) => campaign.status === "preparing" || campaign.status === "pushing",
  });
  const count = runs.length + batches.length + campaigns.length;
  if (count === 0) return null;
  return (
    <section
      aria-label={t.title(count)}
      className={cx(
        "absolute right-4 bottom-4 z-10 animate-appear rounded-lg bg-raised text-xs shadow-float",
        open ? "w-72 max-w-[calc(100%-2rem)]" : "",
      )}
    >
      <button
        type="button"
        aria-expanded={open}
        title={open ? t.collapse : t.expand}
        onClick={() => setOpen(!open)}
        className="flex h-9 w-full items-center gap-2 rounded-lg px-3 font-medium hover:bg-hover"
      >
        <span className="text-accent">
          <ActivityDots />
        </span>
        {t.title(count)}
        <ChevronDown
          aria-hidden="true"
          size={14}
          className={cx("ml-auto transition-transform", !open && "rotate-180")}
        />
      </button>
      {open ? (
        <ul className="flex flex-col gap-3 border-t border-line p-3">
          {runs.slice(0, MOST).map((id) => (
            <RunningRun key={id} id={id} />
          ))}
          {batches.slice(0, MOST).map((id) => (
            <RunningBatch key={id} id={id} />
          ))}
          {campaigns.slice(0, MOST).map((id) => (
            <RunningCampaign key={id} id={id} />
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function RunningRun({ id }: { readonly id: string }) {
  const run = useLiveRow("scraping_runs", id);
  if (!run) return null;
  const share = run.items_total === null ? null : run.percent / 100;
  return <Item label={run.source_label} step={run.step} share={share} />;
}

function RunningBatch({ id }: { readonly id: string }) {
  const batch = useLiveRow("enrichment_batches", id);
  if (!batch) return null;
  const done = batch.completed + batch.failed;
  return (
    <Item
      label={t.enriching(batch.total)}
      step={`${done} / ${batch.total}`}
      share={batch.total === 0 ? null : done / batch.total}
    />
  );
}

function RunningCampaign({ id }: { readonly id: string }) {
  const campaign = useLiveRow("campaigns", id);
  if (!campaign) return null;
  const done = campaign.status === "pushing" ? campaign.leads_sent : campaign.leads_ready;
  const share = campaign.leads_total === 0 ? null : done / campaign.leads_total;
  return <Item label={campaign.name} step={campaign.step} share={share} />;
}

interface ItemProps {
  readonly label: string;
  readonly step: string;
  readonly share: number | null;
}

function Item({ label, step, share }: ItemProps) {
  return (
    <li>
      <p className="flex justify-between gap-3">
        <span className="truncate font-medium">{label}</span>
        <span className="shrink-0 truncate text-ink-faint tabular-nums">{step}</span>
      </p>
      <ProgressBar value={share} label={label} className="mt-1.5" />
    </li>
  );
}

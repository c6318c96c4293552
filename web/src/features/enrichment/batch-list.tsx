import { useState } from "react";
import { Badge, workTones } from "../../components/badge.tsx";
import { ControlMenu } from "../../components/control-menu.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useControls } from "../../lib/api/use-controls.ts";
import { formatCredits } from "../../lib/format/number.ts";
import { formatMoment } from "../../lib/format/time.ts";
import { useLiveQuery, useLiveRow } from "../../lib/live/use-live-rows.ts";
import type { BatchRow } from "../../lib/rows.ts";
import { enrichmentTexts } from "../../lib/texts/enrichment.ts";

const t = enrichmentTexts.batches;

/** The newest batch, and every other that is not over; older ones on demand. */
export function BatchList({ onShowFailed }: { readonly onShowFailed: () => void }) {
  const [all, setAll] = useState(false);
  const ids = useLiveQuery("enrichment_batches", {
    key: "newest first",
    sort: (a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0),
  });
  const over = useLiveQuery("enrichment_batches", {
    key: "over",
    filter: (batch) => ["completed", "failed", "cancelled"].includes(batch.status),
  });
  if (ids.length === 0) return null;
  const shown = all ? ids : ids.filter((id, at) => at === 0 || !over.includes(id));
  const earlier = ids.length - shown.length;
  return (
    <section aria-label={t.title} className="border-b border-line bg-canvas">
      <ul className="max-h-48 divide-y divide-line overflow-y-auto">
        {shown.map((id) => (
          <BatchItem key={id} id={id} onShowFailed={onShowFailed} />
        ))}
      </ul>
      {earlier > 0 || all ? (
        <button
          type="button"
          onClick={() => setAll(!all)}
          className="px-3 pb-1.5 text-xs text-ink-soft hover:text-ink"
        >
          {all ? t.hideDone : t.earlier(earlier)}
        </button>
      ) : null}
    </section>
  );
}

function BatchItem({ id, onShowFailed }: { readonly id: string; onShowFailed: () => void }) {
  const batch = useLiveRow("enrichment_batches", id);
  if (!batch) return null;
  const done = batch.completed + batch.failed;
  const open = ["queued", "running", "paused"].includes(batch.status);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2 text-xs">
      <span className="text-ink-faint">{formatMoment(batch.created_at)}</span>
      <Badge tone={workTones[batch.status] ?? "plain"} dot={batch.status === "running"}>
        {t.status[batch.status]}
      </Badge>
      <span className="font-medium tabular-nums">{t.of(done, batch.total)}</span>
      {open ? (
        <ProgressBar
          value={batch.total === 0 ? null : done / batch.total}
          label={t.of(done, batch.total)}
          className="w-40 max-sm:order-last max-sm:w-full"
        />
      ) : null}
      {batch.failed > 0 ? (
        <button
          type="button"
          title={t.showFailed}
          onClick={onShowFailed}
          className="text-bad underline decoration-dotted underline-offset-2"
        >
          {t.failed(batch.failed)}
        </button>
      ) : null}
      {batch.cost_ceiling > 0 ? (
        <span className="text-ink-soft">
          {t.cost(formatCredits(batch.cost_spent), formatCredits(batch.cost_ceiling))}
        </span>
      ) : null}
      {batch.credits_saved > 0 ? (
        <span className="text-good">{t.saved(formatCredits(batch.credits_saved))}</span>
      ) : null}
      <BatchMenu batch={batch} open={open} />
    </li>
  );
}

function BatchMenu({
  batch,
  open,
}: {
  readonly batch: Readonly<BatchRow>;
  readonly open: boolean;
}) {
  const { status } = batch;
  return (
    <div className="ml-auto">
      <ControlMenu
        label={t.actions}
        texts={{ retry: t.retryFailed }}
        controls={useControls("batch", batch.id)}
        can={{
          pause: status === "queued" || status === "running",
          resume: status === "paused",
          first: open,
          retry: batch.failed > 0 || status === "cancelled",
          cancel: open,
        }}
      />
    </div>
  );
}

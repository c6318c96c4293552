import type { BatchRow, CampaignRow, RunRow } from "../../lib/rows.ts";
import { queueTexts as t } from "../../lib/texts/queue.ts";

/** What the page shows of the work there is. */
export const SHOWN = ["open", "failed", "all"] as const;
export type Shown = (typeof SHOWN)[number];

/** A run, a batch or a campaign, as the queue shows it. */
export interface Work {
  readonly target: "run" | "batch" | "campaign";
  readonly id: string;
  readonly sessionId: string;
  readonly label: string;
  readonly status: string;
  readonly detail: string;
  /** 0…1, or null when nobody knows. */
  readonly share: number | null;
  readonly priority: number;
  readonly failed: boolean;
  readonly createdAt: string;
}

export const workOfRun = (run: RunRow): Work => ({
  target: "run",
  id: run.id,
  sessionId: run.session_id,
  label: run.source_label,
  status: run.status,
  detail: run.error_message ?? run.step,
  share: run.items_total === null && run.percent === 0 ? null : run.percent / 100,
  priority: run.priority,
  failed: run.status === "failed",
  createdAt: run.created_at,
});

export function workOfBatch(batch: BatchRow): Work {
  const { total, completed, failed, status } = batch;
  return {
    target: "batch",
    id: batch.id,
    sessionId: batch.session_id,
    label: t.batch(total),
    status,
    detail: failed > 0 ? t.failedOf(failed, total) : "",
    share: total === 0 ? null : (completed + failed) / total,
    priority: batch.priority,
    failed: status === "failed" || (status === "completed" && failed > 0),
    createdAt: batch.created_at,
  };
}

export function workOfCampaign(campaign: CampaignRow): Work {
  const { leads_total, leads_ready, leads_sent, status } = campaign;
  const done = status === "pushing" ? leads_sent : leads_ready;
  return {
    target: "campaign",
    id: campaign.id,
    sessionId: campaign.session_id,
    label: campaign.name,
    status,
    detail: campaign.error_message ?? campaign.step,
    share: leads_total === 0 ? null : done / leads_total,
    priority: 0,
    failed: status === "failed",
    createdAt: campaign.created_at,
  };
}

const rank = ({ status }: Work) =>
  ["running", "preparing", "pushing", "queued", "paused"].indexOf(status);

/** What runs first, then what comes next, as the queue will take it. */
export function byTurn(a: Work, b: Work): number {
  return (
    Math.abs(rank(a)) - Math.abs(rank(b)) ||
    b.priority - a.priority ||
    (a.createdAt < b.createdAt ? -1 : 1)
  );
}

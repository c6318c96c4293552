import type { LucideIcon } from "lucide-react";
import { ChartNoAxesColumn, Radar, Send, UsersRound } from "lucide-react";
import type { STAGES } from "../../../../functions/_shared/contract/workflow.ts";
import type { LiveRow } from "../../lib/live/live-tables.ts";
import { sessionTexts } from "../../lib/texts/session.ts";

const t = sessionTexts;
export type Stage = (typeof STAGES)[number];
export type StageState = keyof typeof t.stageState;

export interface StageSummary {
  readonly state: StageState;
  /** 0…1 while something runs or is paused. */
  readonly share: number | null;
  readonly lines: readonly string[];
  /** Why there is nothing to do here yet. */
  readonly needs: string | null;
}

export const stageIcons: Record<Stage, LucideIcon> = {
  scraping: Radar,
  enrichment: UsersRound,
  campaigns: Send,
  results: ChartNoAxesColumn,
};

type Counters = Pick<
  LiveRow<"otis_workflow_sessions">,
  | "status"
  | "companies_count"
  | "selected_count"
  | "jobs_count"
  | "runs_total"
  | "runs_finished"
  | "enrichment_total"
  | "enrichment_completed"
  | "enrichment_failed"
  | "leads_total"
  | "leads_sent"
>;

/** What a stage has come to, told by the session's counters. */
export function summarise(stage: Stage, s: Counters): StageSummary {
  const { summary: line } = t;
  const atWork = s.status === "paused" ? "paused" : "running";
  switch (stage) {
    case "scraping": {
      const running = s.runs_finished < s.runs_total;
      return {
        state: running ? atWork : s.runs_total > 0 ? "done" : "ready",
        share: running ? s.runs_finished / s.runs_total : null,
        lines: [
          line.sources(s.runs_finished, s.runs_total),
          ...(s.jobs_count > 0 ? [line.postings(s.jobs_count)] : []),
          ...(s.companies_count > 0 ? [line.companies(s.companies_count)] : []),
        ],
        needs: null,
      };
    }
    case "enrichment": {
      const ended = s.enrichment_completed + s.enrichment_failed;
      const running = ended < s.enrichment_total;
      const none = s.companies_count === 0;
      return {
        state: running ? atWork : none ? "waiting" : ended > 0 ? "done" : "ready",
        share: running ? ended / s.enrichment_total : null,
        lines: none
          ? []
          : [
              line.selected(s.selected_count),
              ...(s.enrichment_completed > 0 ? [line.enriched(s.enrichment_completed)] : []),
              ...(s.enrichment_failed > 0 ? [line.failed(s.enrichment_failed)] : []),
            ],
        needs: none ? (t.needs.enrichment ?? null) : null,
      };
    }
    case "campaigns": {
      const none = s.enrichment_completed === 0 && s.leads_total === 0;
      return {
        state: none ? "waiting" : s.leads_sent > 0 ? "done" : "ready",
        share: null,
        lines: s.leads_total > 0 ? [line.leads(s.leads_total), line.sent(s.leads_sent)] : [],
        needs: none ? (t.needs.campaigns ?? null) : null,
      };
    }
    case "results": {
      const none = s.jobs_count === 0;
      return {
        state: none ? "waiting" : "ready",
        share: null,
        lines: none ? [] : [line.postings(s.jobs_count), line.sent(s.leads_sent)],
        needs: none ? (t.needs.results ?? null) : null,
      };
    }
  }
}

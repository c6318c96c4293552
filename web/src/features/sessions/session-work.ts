import type { SessionRow } from "../../lib/rows.ts";
import { sessionsTexts as t } from "../../lib/texts/sessions.ts";

/** What is under way in a session, told by its counters alone; null when nothing is. */
export function sessionWork(session: SessionRow): { text: string; share: number } | null {
  const { runs_total, runs_finished, enrichment_total } = session;
  if (runs_finished < runs_total) {
    return { text: t.sources(runs_finished, runs_total), share: runs_finished / runs_total };
  }
  const done = session.enrichment_completed + session.enrichment_failed;
  if (done < enrichment_total) {
    return { text: t.enriched(done, enrichment_total), share: done / enrichment_total };
  }
  return null;
}

import { useLiveScope } from "../../lib/live/live-context.tsx";
import type { LiveRow } from "../../lib/live/live-tables.ts";
import { useSessionRow } from "../../lib/use-session-row.ts";

type Session = LiveRow<"otis_workflow_sessions">;

export const useSessionId = (): string => useLiveScope().scope.id;

/** A part of the session's own row; undefined until it has arrived. */
export const useSession = <S>(select: (session: Session) => S): S | undefined =>
  useSessionRow(select);

/** Whether something is under way, going by the counters. */
export const isWorking = (s: Session): boolean =>
  s.status === "active" &&
  (s.runs_finished < s.runs_total ||
    s.enrichment_completed + s.enrichment_failed < s.enrichment_total);

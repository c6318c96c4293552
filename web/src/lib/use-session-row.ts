import type { LiveRow } from "./live/live-tables.ts";
import { useScopeRow } from "./live/use-live-rows.ts";

/** A part of the session's own row; undefined until the first page of the first read is there. */
export const useSessionRow = <S>(
  select: (session: LiveRow<"otis_workflow_sessions">) => S,
): S | undefined => useScopeRow("otis_workflow_sessions", select);

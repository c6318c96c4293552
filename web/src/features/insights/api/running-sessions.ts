import { queryOptions, useQuery } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import { callWorkflow } from "../../../lib/api/workflow.ts";
import type { SessionRow } from "../../../lib/rows.ts";
import { supabase } from "../../../lib/supabase.ts";

const MOST = 10;
/** An ETA is asked for anew this often (ms) while the page is open. */
const EVERY_MS = 15_000;

const isRunning = (s: SessionRow): boolean =>
  s.runs_finished < s.runs_total ||
  s.enrichment_completed + s.enrichment_failed < s.enrichment_total;

const runningQuery = queryOptions({
  queryKey: ["running sessions"],
  queryFn: async ({ signal }) => {
    const sessions = await read(
      supabase
        .from("otis_workflow_sessions")
        .select("*")
        .eq("status", "active")
        .is("archived_at", null)
        .order("last_activity_at", { ascending: false })
        .limit(50)
        .abortSignal(signal),
    );
    const answers = await Promise.allSettled(
      sessions
        .filter(isRunning)
        .slice(0, MOST)
        .map(async (session) => ({
          session,
          progress: await callWorkflow("get_progress", { session_id: session.id }, { signal }),
        })),
    );
    // One that cannot be asked must not hide the others; where none can, that is the news.
    const [first] = answers;
    const known = answers.filter((answer) => answer.status === "fulfilled");
    if (known.length === 0 && first?.status === "rejected") throw first.reason;
    return known.map(({ value }) => value);
  },
  refetchInterval: EVERY_MS,
  staleTime: 5_000,
});

/** Sessions in which something runs, each with its ETA and what slows it down. */
export const useRunningSessions = () => useQuery(runningQuery);

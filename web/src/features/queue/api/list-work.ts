import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { read } from "../../../lib/api/read.ts";
import { useReadAgain, useSessionPulse } from "../../../lib/api/session-pulse.ts";
import { supabase } from "../../../lib/supabase.ts";
import { type Work, workOfBatch, workOfCampaign, workOfRun } from "../work.ts";

const MOST = 200;
/** However much happens, the queue is read at most this often (ms). */
const CALM_MS = 1_000;

async function fetchWork(signal: AbortSignal) {
  const status = ["queued", "running", "paused", "failed"];
  const [runs, batches, campaigns] = await Promise.all([
    read(
      supabase
        .from("scraping_runs")
        .select("*")
        .in("status", status)
        .order("created_at", { ascending: false })
        .limit(MOST)
        .abortSignal(signal),
    ),
    read(
      supabase
        .from("enrichment_batches")
        .select("*")
        .or(`status.in.(${status.join()}),failed.gt.0`)
        .order("created_at", { ascending: false })
        .limit(MOST)
        .abortSignal(signal),
    ),
    read(
      supabase
        .from("campaigns")
        .select("*")
        .in("status", ["preparing", "pushing", "paused", "failed"])
        .order("created_at", { ascending: false })
        .limit(MOST)
        .abortSignal(signal),
    ),
  ]);
  const work: Work[] = [
    ...runs.map(workOfRun),
    ...batches.map(workOfBatch),
    ...campaigns.map(workOfCampaign),
  ];
  const ids = [...new Set(work.map(({ sessionId }) => sessionId))];
  const sessions =
    ids.length === 0
      ? []
      : await read(
          supabase
            .from("otis_workflow_sessions")
            .select("id, name, archived_at")
            .in("id", ids)
            .abortSignal(signal),
        );
  return { work, sessions };
}

const workQuery = queryOptions({
  queryKey: ["work"],
  queryFn: ({ signal }) => fetchWork(signal),
  staleTime: 10_000,
  placeholderData: keepPreviousData,
});

/** Everything of the user that runs, waits or failed, in all sessions; follows what happens there. */
export function useWork(userId: string) {
  const readAgain = useReadAgain(workQuery.queryKey);
  const due = useRef<ReturnType<typeof setTimeout> | null>(null);
  const refresh = () => {
    due.current ??= setTimeout(() => {
      due.current = null;
      void readAgain();
    }, CALM_MS);
  };
  useSessionPulse(userId, { onPulse: refresh, onMissed: refresh });
  return useQuery(workQuery);
}

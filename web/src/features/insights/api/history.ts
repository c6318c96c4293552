import { queryOptions, useQuery } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import { supabase } from "../../../lib/supabase.ts";
import { summariseRuns } from "../summarise-runs.ts";

const DAYS = 30;
const MOST = 1000;

const historyQuery = queryOptions({
  queryKey: ["history"],
  queryFn: async ({ signal }) => {
    const since = new Date(Date.now() - DAYS * 86_400_000).toISOString();
    const [runs, batches] = await Promise.all([
      read(
        supabase
          .from("scraping_runs")
          .select("source_kind, status, outcome, items_found, started_at, finished_at")
          .gte("finished_at", since)
          .order("finished_at", { ascending: false })
          .limit(MOST)
          .abortSignal(signal),
      ),
      read(
        supabase
          .from("enrichment_batches")
          .select("completed, failed, cost_spent, credits_saved")
          .gte("created_at", since)
          .limit(MOST)
          .abortSignal(signal),
      ),
    ]);
    // Credits are decimals, which some REST servers write as texts.
    const sum = (key: keyof (typeof batches)[number]) =>
      batches.reduce((total, batch) => total + Number(batch[key]), 0);
    return {
      kinds: summariseRuns(runs),
      enrichment: {
        completed: sum("completed"),
        failed: sum("failed"),
        spent: sum("cost_spent"),
        saved: sum("credits_saved"),
      },
    };
  },
  staleTime: 60_000,
});

/** What the last 30 days have been like. */
export const useHistory = () => useQuery(historyQuery);

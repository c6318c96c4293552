import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import { supabase } from "../../../lib/supabase.ts";
import type { Shown } from "../work.ts";

const STATUSES: Readonly<Record<Shown, readonly string[]>> = {
  open: ["running", "queued"],
  failed: ["failed"],
  all: ["running", "queued", "failed"],
};

interface Wanted {
  readonly batchId: string;
  readonly sessionId: string;
  readonly shown: Shown;
  readonly most: number;
}

/** Running ones first, then the waiting, then the failed; one more than `most` if there are more. */
async function fetchCompanies({ batchId, sessionId, shown, most }: Wanted, signal: AbortSignal) {
  const statuses = await read(
    supabase
      .from("enrichment_status")
      .select("*")
      .eq("batch_id", batchId)
      .in("status", [...STATUSES[shown]])
      .order("status", { ascending: false })
      .order("created_at")
      .order("id")
      .limit(most + 1)
      .abortSignal(signal),
  );
  const ids = statuses.map(({ company_id }) => company_id);
  const companies =
    ids.length === 0
      ? []
      : await read(
          supabase
            .from("session_companies")
            .select("company_id, name")
            .eq("session_id", sessionId)
            .in("company_id", ids)
            .abortSignal(signal),
        );
  const names = new Map(companies.map(({ company_id, name }) => [company_id, name]));
  return statuses.map((status) => ({ ...status, name: names.get(status.company_id) ?? "" }));
}

/** Below "work": what happens in a session refreshes this as well. */
const companiesQuery = (wanted: Wanted) =>
  queryOptions({
    queryKey: ["work", "companies", wanted],
    queryFn: ({ signal }) => fetchCompanies(wanted, signal),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });

/** The companies of a batch that run, wait or failed. */
export const useBatchCompanies = (wanted: Wanted) => useQuery(companiesQuery(wanted));

export type QueuedCompany = Awaited<ReturnType<typeof fetchCompanies>>[number];

import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import { supabase } from "../../../lib/supabase.ts";

export interface ResultRow {
  readonly name: string;
  readonly found: number;
  readonly failed: number;
  readonly cost: number;
  readonly seconds: number | null;
}

export interface Results {
  readonly funnel: readonly ResultRow[];
  readonly source: readonly ResultRow[];
  readonly provider: readonly ResultRow[];
}

const resultsQuery = (sessionId: string, mark: string) =>
  queryOptions({
    queryKey: ["results", sessionId, mark],
    queryFn: async ({ signal }): Promise<Results> => {
      const rows = await read(
        supabase.rpc("session_results", { p_session_id: sessionId }).abortSignal(signal),
      );
      const part = (name: string) =>
        rows
          .filter((row) => row.part === name)
          .map((row) => ({
            name: row.name,
            found: row.found ?? 0,
            failed: row.failed ?? 0,
            cost: row.cost ?? 0,
            seconds: row.seconds,
          }));
      return { funnel: part("funnel"), source: part("source"), provider: part("provider") };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });

/** What the session has come to, read again whenever `mark` changes. */
export const useResults = (sessionId: string, mark: string) =>
  useQuery(resultsQuery(sessionId, mark));

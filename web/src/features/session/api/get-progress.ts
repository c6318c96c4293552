import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { callWorkflow } from "../../../lib/api/workflow.ts";

/**
 * How long what runs will still take. Asked again when the work has moved on by a tenth or one
 * of its parts has ended (`mark`), not by the clock: an ETA counts down by itself in between.
 */
const progressQuery = (sessionId: string, mark: string) =>
  queryOptions({
    queryKey: ["progress", sessionId, mark],
    queryFn: async ({ signal }) => ({
      ...(await callWorkflow("get_progress", { session_id: sessionId }, { signal })),
      readAt: Date.now(),
    }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });

export const useProgress = (sessionId: string, mark: string | null) =>
  useQuery({ ...progressQuery(sessionId, mark ?? ""), enabled: mark !== null });

import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { callWorkflow } from "../../../lib/api/workflow.ts";

const detectQuery = (inputs: readonly string[]) =>
  queryOptions({
    queryKey: ["detect sources", inputs],
    queryFn: async ({ signal }) =>
      (await callWorkflow("detect_sources", { inputs: [...inputs] }, { signal })).sources,
    enabled: inputs.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });

/** What each input is recognised as. */
export const useDetectedSources = (inputs: readonly string[]) => useQuery(detectQuery(inputs));

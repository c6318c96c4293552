import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import type { ActionInput } from "../../../../../functions/_shared/contract/workflow.ts";
import { callWorkflow } from "../../../lib/api/workflow.ts";

export type SourceInput = ActionInput<"start_scraping">["sources"][number];

const forecastQuery = (sessionId: string, sources: readonly SourceInput[]) =>
  queryOptions({
    queryKey: ["forecast scraping", sessionId, sources],
    queryFn: ({ signal }) =>
      callWorkflow(
        "forecast",
        { kind: "scraping", session_id: sessionId, sources: [...sources] },
        { signal },
      ),
    enabled: sources.length > 0,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

/** What reading these sources will take. */
export const useForecast = (sessionId: string, sources: readonly SourceInput[]) =>
  useQuery(forecastQuery(sessionId, sources));

import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import type { ActionInput } from "../../../../../functions/_shared/contract/workflow.ts";
import { callWorkflow } from "../../../lib/api/workflow.ts";

export type Waterfall = NonNullable<ActionInput<"start_enrichment">["providers"]>;

const forecastQuery = (sessionId: string, company_ids: readonly string[], providers: Waterfall) =>
  queryOptions({
    queryKey: ["forecast enrichment", sessionId, company_ids, providers],
    queryFn: ({ signal }) =>
      callWorkflow(
        "forecast",
        { kind: "enrichment", session_id: sessionId, company_ids: [...company_ids], providers },
        { signal },
      ),
    enabled: company_ids.length > 0,
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });

/** What enriching these companies will take. */
export const useForecast = (
  sessionId: string,
  companyIds: readonly string[],
  providers: Waterfall,
) => useQuery(forecastQuery(sessionId, companyIds, providers));

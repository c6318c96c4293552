import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import type { Values } from "../../../../../functions/_shared/campaigns/template.ts";
import { read } from "../../../lib/api/read.ts";
import { supabase } from "../../../lib/supabase.ts";

/** As many real leads as one steps through to see whether a text holds. */
const LEADS = 10;

export interface LeadValues {
  readonly id: string;
  readonly email: string | null;
  readonly values: Values;
}

const leadValuesQuery = (campaignId: string, mark: string) =>
  queryOptions({
    queryKey: ["lead values", campaignId, mark],
    queryFn: async ({ signal }): Promise<LeadValues[]> => {
      const rows = await read(
        supabase
          .rpc("lead_values", { p_campaign_id: campaignId, p_limit: LEADS })
          .abortSignal(signal),
      );
      return rows.map(({ lead_id, email, said }) => ({
        id: lead_id,
        email,
        values: Object.fromEntries(
          Object.entries(said ?? {}).map(([name, value]) => [name, String(value ?? "")]),
        ),
      }));
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });

/** The variables of the first leads. `mark` changes when leads were added or lines written. */
export const useLeadValues = (campaignId: string, mark: string) =>
  useQuery(leadValuesQuery(campaignId, mark));

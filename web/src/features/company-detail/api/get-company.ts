import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import { supabase } from "../../../lib/supabase.ts";

/**
 * Everything known about a company. `revision` is that of its row in the session, which changes
 * whenever something about the company does: the details are read again then, and only then.
 */
const companyQuery = (companyId: string, revision: number) =>
  queryOptions({
    queryKey: ["company", companyId, revision],
    queryFn: async ({ signal }) => {
      const [company, facts, contacts] = await Promise.all([
        read(
          supabase.from("companies").select("*").eq("id", companyId).abortSignal(signal).single(),
        ),
        read(
          supabase
            .from("company_facts")
            .select("*")
            .eq("company_id", companyId)
            .order("key")
            .order("confidence", { ascending: false })
            .abortSignal(signal),
        ),
        read(
          supabase
            .from("contacts")
            .select("*")
            .eq("company_id", companyId)
            .order("confidence", { ascending: false })
            .abortSignal(signal),
        ),
      ]);
      return { company, facts, contacts };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });

export const useCompanyDetail = (companyId: string, revision: number) =>
  useQuery(companyQuery(companyId, revision));

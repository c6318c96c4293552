import { queryOptions, useQuery } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import { supabase } from "../../../lib/supabase.ts";

const postingTextQuery = (postingId: string, updatedAt: string) =>
  queryOptions({
    queryKey: ["posting text", postingId, updatedAt],
    queryFn: async ({ signal }) => {
      const rows = await read(
        supabase
          .from("job_posting_texts")
          .select("description_text")
          .eq("posting_id", postingId)
          .abortSignal(signal),
      );
      return rows[0]?.description_text ?? "";
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

/** The long text of a posting, empty where the source gave none. */
export const usePostingText = (postingId: string, updatedAt: string) =>
  useQuery(postingTextQuery(postingId, updatedAt));

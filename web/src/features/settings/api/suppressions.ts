import {
  infiniteQueryOptions,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import { useAction } from "../../../lib/api/use-action.ts";
import { supabase } from "../../../lib/supabase.ts";
import { showFailure } from "../../../lib/toasts.ts";

const PAGE = 50;

const suppressionsQuery = infiniteQueryOptions({
  queryKey: ["suppressions"],
  queryFn: ({ pageParam, signal }) => {
    const query = supabase
      .from("suppressions")
      .select("*")
      .order("created_at", { ascending: false })
      .limit(PAGE)
      .abortSignal(signal);
    return read(pageParam === null ? query : query.lt("created_at", pageParam));
  },
  initialPageParam: null as string | null,
  getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)?.created_at),
});

export const useSuppressions = () => useInfiniteQuery(suppressionsQuery);

export function useSuppress(onDone: (count: number) => void) {
  const client = useQueryClient();
  return useAction("suppress", {
    inline: true,
    onSuccess: ({ suppressed }) => {
      void client.invalidateQueries({ queryKey: suppressionsQuery.queryKey });
      onDone(suppressed);
    },
  });
}

export function useUnsuppress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      read(supabase.from("suppressions").delete().eq("id", id).select("id")),
    onError: showFailure,
    onSettled: () => client.invalidateQueries({ queryKey: suppressionsQuery.queryKey }),
  });
}

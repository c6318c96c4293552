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

/** The last one of a page; a list that is entered at one go has one time. */
interface Place {
  readonly created_at: string;
  readonly id: string;
}

const suppressionsQuery = infiniteQueryOptions({
  queryKey: ["suppressions"],
  queryFn: ({ pageParam, signal }) => {
    const query = supabase
      .from("suppressions")
      .select("*")
      .order("created_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(PAGE)
      .abortSignal(signal);
    if (pageParam === null) return read(query);
    const { created_at: at, id } = pageParam;
    return read(query.or(`created_at.lt.${at},and(created_at.eq.${at},id.lt.${id})`));
  },
  initialPageParam: null as Place | null,
  getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)),
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

import type { QueryClient } from "@tanstack/react-query";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import { supabase } from "../../../lib/supabase.ts";
import { showFailure } from "../../../lib/toasts.ts";

/** What a posting must have; absent parts do not matter. */
export type SearchQuery = Readonly<
  Partial<Record<"text" | "company" | "city" | "country" | "workplace", string>>
>;

const searchesQuery = queryOptions({
  queryKey: ["saved searches"],
  queryFn: ({ signal }) =>
    read(
      supabase
        .from("saved_searches")
        .select("*")
        .order("created_at", { ascending: true })
        .abortSignal(signal),
    ),
});

export const useSavedSearches = () => useQuery(searchesQuery);

const refresh = (client: QueryClient) => () =>
  client.invalidateQueries({ queryKey: searchesQuery.queryKey });

export function useAddSearch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, query }: { name: string; query: SearchQuery }) =>
      read(supabase.from("saved_searches").insert({ name, query }).select("id")),
    onSuccess: refresh(client),
  });
}

export function useSetSearchActive() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, active }: { id: string; active: boolean }) =>
      read(supabase.from("saved_searches").update({ active }).eq("id", id).select("id")),
    onError: showFailure,
    onSettled: refresh(client),
  });
}

export function useRemoveSearch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      read(supabase.from("saved_searches").delete().eq("id", id).select("id")),
    onError: showFailure,
    onSettled: refresh(client),
  });
}

import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import type { SessionRow } from "../../../lib/rows.ts";
import { supabase } from "../../../lib/supabase.ts";

export const PAGE = 50;

export interface SessionsFilter {
  readonly search: string;
  readonly archived: boolean;
}

/** Keyset paging: what arrives meanwhile neither repeats nor hides a row of a later page. */
async function fetchSessions(
  { search, archived }: SessionsFilter,
  before: string | null,
  signal: AbortSignal,
): Promise<SessionRow[]> {
  let query = supabase
    .from("otis_workflow_sessions")
    .select("*")
    .order("last_activity_at", { ascending: false })
    .limit(PAGE)
    .abortSignal(signal);
  query = archived ? query.not("archived_at", "is", null) : query.is("archived_at", null);
  if (search) query = query.ilike("name", `%${search.replace(/[\\%_]/g, "\\$&")}%`);
  if (before) query = query.lt("last_activity_at", before);
  return read(query);
}

export const sessionsKey = ["sessions"] as const;

const sessionsQuery = (filter: SessionsFilter) =>
  infiniteQueryOptions({
    queryKey: [...sessionsKey, filter],
    queryFn: ({ pageParam, signal }) => fetchSessions(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) =>
      last.length < PAGE ? undefined : (last.at(-1)?.last_activity_at ?? undefined),
  });

export const useSessions = (filter: SessionsFilter) => useInfiniteQuery(sessionsQuery(filter));

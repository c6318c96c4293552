import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import type { SessionRow } from "../../../lib/rows.ts";
import { supabase } from "../../../lib/supabase.ts";

export const PAGE = 50;

export interface SessionsFilter {
  readonly search: string;
  readonly archived: boolean;
}

/** The last place of a page. Several sessions may have been written to in one transaction. */
type Place = Pick<SessionRow, "last_activity_at" | "id">;

/** Keyset paging: what arrives meanwhile neither repeats nor hides a row of a later page. */
async function fetchSessions(
  { search, archived }: SessionsFilter,
  before: Place | null,
  signal: AbortSignal,
): Promise<SessionRow[]> {
  let query = supabase
    .from("otis_workflow_sessions")
    .select("*")
    .order("last_activity_at", { ascending: false })
    .order("id", { ascending: false })
    .limit(PAGE)
    .abortSignal(signal);
  query = archived ? query.not("archived_at", "is", null) : query.is("archived_at", null);
  if (search) query = query.ilike("name", `%${search.replace(/[\\%_]/g, "\\$&")}%`);
  if (before) {
    const { last_activity_at: at, id } = before;
    query = query.or(`last_activity_at.lt.${at},and(last_activity_at.eq.${at},id.lt.${id})`);
  }
  return read(query);
}

/** Where the page after these begins: below all of them, wherever live rows have moved up to. */
export function lastPlace(rows: readonly SessionRow[]): Place | undefined {
  const isBelow = (a: Place, b: Place) =>
    a.last_activity_at < b.last_activity_at ||
    (a.last_activity_at === b.last_activity_at && a.id < b.id);
  return rows.reduce<SessionRow | undefined>(
    (last, row) => (last === undefined || isBelow(row, last) ? row : last),
    undefined,
  );
}

export const sessionsKey = ["sessions"] as const;

const sessionsQuery = (filter: SessionsFilter) =>
  infiniteQueryOptions({
    queryKey: [...sessionsKey, filter],
    queryFn: ({ pageParam, signal }) => fetchSessions(filter, pageParam, signal),
    initialPageParam: null as Place | null,
    getNextPageParam: (last, pages) => (last.length < PAGE ? undefined : lastPlace(pages.flat())),
  });

export const useSessions = (filter: SessionsFilter) => useInfiniteQuery(sessionsQuery(filter));

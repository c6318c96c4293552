import { queryOptions, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { shareEqual } from "../live/sharing.ts";
import { read } from "./api/read.ts";
import { useLiveScope } from "./live/live-context.tsx";
import type { LiveRow } from "./live/live-tables.ts";
import { useLiveRow } from "./live/use-live-rows.ts";
import { supabase } from "./supabase.ts";

type Session = LiveRow<"otis_workflow_sessions">;

const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: ["session", id],
    queryFn: async ({ signal }) => {
      const table = supabase.from("otis_workflow_sessions");
      const rows = await read(table.select("*").eq("id", id).abortSignal(signal));
      return rows[0] ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/**
 * A part of the session's own row. Its revision is the highest of all, so the first read of a
 * large session brings it last: until it is there, the row as read by itself stands in.
 */
export function useSessionRow<S>(select: (session: Session) => S): S | undefined {
  const { id } = useLiveScope().scope;
  const live = useLiveRow("otis_workflow_sessions", id, select);
  const isLive = useLiveRow("otis_workflow_sessions", id, () => true) === true;
  const { data } = useQuery({ ...sessionQuery(id), enabled: !isLive });
  const last = useRef<S | undefined>(undefined);
  if (isLive || !data) return live;
  last.current = shareEqual(last.current, select(data));
  return last.current;
}

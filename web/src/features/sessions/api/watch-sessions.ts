import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { SessionRow } from "../../../lib/rows.ts";
import { supabase } from "../../../lib/supabase.ts";
import { sessionsKey } from "./list-sessions.ts";

/** Without a live connection, the list is read again this often (ms). */
const FALLBACK_MS = 15_000;

/**
 * Keeps the list of sessions live: every change of a session ends in an event of its row. A row
 * is replaced where it stands, so that nothing moves; a session that is new is only counted, by
 * `onNew`. Events are hints: each (re)connection reads the list once more.
 */
export function useWatchSessions(userId: string, onNew: (id: string) => void): void {
  const client = useQueryClient();
  useEffect(() => {
    let joined = false;
    const refresh = () => void client.invalidateQueries({ queryKey: sessionsKey });
    const channel = supabase
      .channel(`sessions of ${userId}`)
      .on<SessionRow>(
        "postgres_changes",
        {
          event: "*",
          schema: "public",
          table: "otis_workflow_sessions",
          filter: `owner_id=eq.${userId}`,
        },
        ({ eventType, new: row }) => {
          if (!("id" in row)) return;
          if (eventType === "INSERT") onNew(row.id);
          else client.setQueriesData<Pages>({ queryKey: sessionsKey }, (pages) => put(pages, row));
        },
      )
      .on("system", {}, () => {
        if (joined) refresh();
        joined = true;
      })
      .subscribe();
    const timer = setInterval(() => {
      if (!document.hidden && channel.state !== "joined") refresh();
    }, FALLBACK_MS);
    return () => {
      clearInterval(timer);
      void supabase.removeChannel(channel);
    };
  }, [client, userId, onNew]);
}

type Pages = InfiniteData<SessionRow[]>;

/** The pages with `row` in the place of its older version; the very same pages if it has none. */
export function put(pages: Pages | undefined, row: SessionRow): Pages | undefined {
  const page = pages?.pages.findIndex((rows) => rows.some((r) => r.id === row.id)) ?? -1;
  if (!pages || page < 0) return pages;
  const isOlder = (r: SessionRow) => r.id === row.id && r.revision < row.revision;
  return {
    ...pages,
    pages: pages.pages.map((rows, at) =>
      at === page && rows.some(isOlder) ? rows.map((r) => (isOlder(r) ? row : r)) : rows,
    ),
  };
}

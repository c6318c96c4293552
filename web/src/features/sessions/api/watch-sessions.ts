import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useReadAgain, useSessionPulse } from "../../../lib/api/session-pulse.ts";
import type { SessionRow } from "../../../lib/rows.ts";
import { sessionsKey } from "./list-sessions.ts";

type Pages = InfiniteData<SessionRow[]>;

/**
 * Keeps the list of sessions live: a row is replaced where it stands, so that nothing moves; a
 * session that is new is only counted, by `onNew`.
 */
export function useWatchSessions(userId: string, onNew: (id: string) => void): void {
  const client = useQueryClient();
  useSessionPulse(userId, {
    onPulse: ({ kind, row }) => {
      if (kind === "new") onNew(row.id);
      else client.setQueriesData<Pages>({ queryKey: sessionsKey }, (pages) => put(pages, row));
    },
    onMissed: useReadAgain(sessionsKey),
  });
}

/** The pages with `row` in the place of its older version; the very same pages if it has none. */
export function put(pages: Pages | undefined, row: SessionRow): Pages | undefined {
  const isOlder = (r: SessionRow) => r.id === row.id && r.revision < row.revision;
  if (!pages?.pages.some((rows) => rows.some(isOlder))) return pages;
  return {
    ...pages,
    pages: pages.pages.map((rows) =>
      rows.some(isOlder) ? rows.map((r) => (isOlder(r) ? row : r)) : rows,
    ),
  };
}

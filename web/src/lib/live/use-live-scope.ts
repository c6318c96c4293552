import { useEffect, useMemo, useReducer } from "react";
import type { Scope } from "../../live/delta.ts";
import type { LiveScope } from "../../live/live-scope.ts";
import { useLiveClient } from "./live-context.tsx";
import { inboxScope, sessionScope } from "./live-tables.ts";

/** The session, live for as long as the component is mounted (and a little longer). */
export function useLiveSession(sessionId: string): LiveScope {
  return useRetained(useMemo(() => sessionScope(sessionId), [sessionId]));
}

/** The user's inbox, live for as long as the component is mounted (and a little longer). */
export function useLiveInbox(userId: string): LiveScope {
  return useRetained(useMemo(() => inboxScope(userId), [userId]));
}

function useRetained(scope: Scope): LiveScope {
  const client = useLiveClient();
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  const live = client.scope(scope);
  useEffect(() => {
    const release = client.retain(scope);
    // Effects may come long after the rendering (a hidden subtree shown again); by then the
    // scope that was rendered may have been let go.
    if (client.scope(scope) !== live) renderAgain();
    return release;
  }, [client, scope, live]);
  return live;
}

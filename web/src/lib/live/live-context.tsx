import { createContext, type ReactNode, use } from "react";
import type { LiveClient } from "../../live/live-client.ts";
import type { LiveScope } from "../../live/live-scope.ts";

/*
 * React on top of the live core. How to use it:
 *
 *   <LiveProvider client={client}>              once, for the signed-in user
 *     const scope = useLiveSession(sessionId)   keeps the session live while mounted
 *     const scope = useLiveInbox(userId)        the same for the user's inbox
 *     <LiveScopeProvider scope={scope}>         what the hooks below read from
 *
 *   useLiveState()                    {phase: "loading" | "ready", revision, rows}
 *   useIsReady()                      whether all rows have come: only then is one missing
 *   useLiveRow(table, id)             the row as shown, or undefined
 *   useLiveRow(table, id, select)     a part of it; renders when that part changes
 *   useLiveQuery(table, {key, filter?, sort?})   sorted ids; the same array until they change
 *   useCounter(table, {key, filter?})            how many rows; renders when the number changes
 *   useScopeRow("otis_workflow_sessions", select)  a part of the scope's own row: its counters
 *   useConnection() / useMetrics()    for the connection badge
 *   useFlag(name)                     a feature flag as it is for this user
 *   useMutate()                       (action, data, patches) => Promise<void>; shows at once
 *   usePending() / useConflicts()     what waits, and what was refused
 *
 * `key` names a query: two components that pass the same key share one sorted list, so a filter
 * or order that depends on something must have that in its key. Lists pass ids down, and each
 * item takes its row by `useLiveRow`: a changed row renders itself and nothing else.
 */

const ClientContext = createContext<LiveClient | null>(null);
const ScopeContext = createContext<LiveScope | null>(null);

/** Gives the live client of the signed-in user to everything below. */
export function LiveProvider(props: { readonly client: LiveClient; readonly children: ReactNode }) {
  return <ClientContext value={props.client}>{props.children}</ClientContext>;
}

/** Gives a live scope to the hooks below. */
export function LiveScopeProvider(props: {
  readonly scope: LiveScope;
  readonly children: ReactNode;
}) {
  return <ScopeContext value={props.scope}>{props.children}</ScopeContext>;
}

export function useLiveClient(): LiveClient {
  const client = use(ClientContext);
  if (client === null) throw new Error("There is no LiveProvider above.");
  return client;
}

export function useLiveScope(): LiveScope {
  const scope = use(ScopeContext);
  if (scope === null) throw new Error("There is no LiveScopeProvider above.");
  return scope;
}

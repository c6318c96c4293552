import { useCallback, useSyncExternalStore } from "react";
import type { Connection } from "../../live/connection.ts";
import type { Conflict } from "../../live/live-client.ts";
import type { MetricsSnapshot } from "../../live/metrics.ts";
import type { Mutation } from "../../live/offline-queue.ts";
import type { Subscribable } from "../../live/subscribable.ts";
import { useLiveClient, useLiveScope } from "./live-context.tsx";

const useSubscribable = <T>({ subscribe, get }: Subscribable<T>): T =>
  useSyncExternalStore(subscribe, get);

/** Phase, transport, next attempt: what the connection badge shows. */
export const useConnection = (): Connection => useSubscribable(useLiveScope().connection);

/** Latency, reconnects, gaps, requests: the details of the badge. */
export const useMetrics = (): MetricsSnapshot => useSubscribable(useLiveScope().metrics);

/** Whether a feature is switched on for this user; true until the server has said otherwise. */
export const useFlag = (name: string): boolean =>
  useSubscribable(useLiveScope().flags)?.[name] !== false;

/** The user's changes that the server has not decided on, oldest first. */
export const usePending = (): readonly Mutation[] => useSubscribable(useLiveClient().pending);

/** Refused changes, until dismissed. */
export function useConflicts(): {
  readonly conflicts: readonly Conflict[];
  readonly dismiss: (conflict: Conflict) => void;
} {
  const client = useLiveClient();
  const dismiss = useCallback((conflict: Conflict) => client.dismiss(conflict), [client]);
  return { conflicts: useSubscribable(client.conflicts), dismiss };
}

/**
 * Changes something: the patches show at once, the action is sent when there is a network, kept
 * over reloads until then, and taken back with a conflict if the server refuses it.
 */
export function useMutate(): (
  action: string,
  data: unknown,
  patches: Mutation["patches"],
) => Promise<void> {
  const client = useLiveClient();
  const { scope } = useLiveScope();
  return useCallback(
    (action, data, patches) => client.mutate(scope, { action, data, patches }),
    [client, scope],
  );
}

import { useCallback, useRef, useSyncExternalStore } from "react";
import type { Row } from "../../live/delta.ts";
import type { QuerySpec } from "../../live/live-query.ts";
import type { StoreState } from "../../live/row-store.ts";
import { shareEqual } from "../../live/sharing.ts";
import { useLiveScope } from "./live-context.tsx";
import { isRowOf, type LiveRow, type LiveTable } from "./live-tables.ts";

/** What the store says about itself: whether it is exact yet, at which revision, how large. */
export function useLiveState(): StoreState {
  const { store } = useLiveScope();
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store]);
  return useSyncExternalStore(subscribe, store.state);
}

/**
 * Whether all rows have come. Until then nothing is known to be missing: what is not there is on
 * its way.
 */
export function useIsReady(): boolean {
  const { store } = useLiveScope();
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store]);
  return useSyncExternalStore(subscribe, () => store.state().phase === "ready");
}

/** The row as shown, the user's pending changes included; undefined while there is none. */
export function useLiveRow<T extends LiveTable>(table: T, id: string): LiveRow<T> | undefined;
/** A part of the row. Renders when the part changes; objects are compared by their contents. */
export function useLiveRow<T extends LiveTable, S>(
  table: T,
  id: string,
  select: (row: LiveRow<T>) => S,
): S | undefined;
export function useLiveRow<T extends LiveTable, S>(
  table: T,
  id: string,
  select?: (row: LiveRow<T>) => S,
): LiveRow<T> | S | undefined {
  const { store } = useLiveScope();
  const last = useRef<LiveRow<T> | S | undefined>(undefined);
  const subscribe = useCallback(
    (listener: () => void) => store.subscribeRow(table, id, listener),
    [store, table, id],
  );
  return useSyncExternalStore(subscribe, () => {
    const row = store.row(table, id);
    if (row === undefined || !isRowOf(table, row)) return undefined;
    if (select === undefined) return row;
    last.current = shareEqual(last.current, select(row));
    return last.current;
  });
}

/** A part of the scope's own row (a session's counters, an inbox's unread count). */
export function useScopeRow<T extends "otis_workflow_sessions" | "otis_inboxes", S>(
  table: T,
  select: (row: LiveRow<T>) => S,
): S | undefined {
  return useLiveRow(table, useLiveScope().scope.id, select);
}

/** What a view wants of a table; see `live-context.tsx` about `key`. */
export interface LiveQueryOptions<T extends LiveTable> {
  readonly key: string;
  readonly filter?: (row: LiveRow<T>) => boolean;
  readonly sort?: (a: LiveRow<T>, b: LiveRow<T>) => number;
}

/** The ids of the rows that pass the filter, sorted; the same array until they change. */
export function useLiveQuery<T extends LiveTable>(
  table: T,
  options: LiveQueryOptions<T>,
): readonly string[] {
  const { store } = useLiveScope();
  const spec = specOf(table, options);
  return useSyncExternalStore(useQuerySubscription(spec), () => store.ids(spec));
}

/** How many rows pass the filter. Renders when the number changes. */
export function useCounter<T extends LiveTable>(
  table: T,
  options: Omit<LiveQueryOptions<T>, "sort">,
): number {
  const { store } = useLiveScope();
  const spec = specOf(table, { ...options, key: `count:${options.key}` });
  return useSyncExternalStore(useQuerySubscription(spec), () => store.ids(spec).length);
}

function useQuerySubscription(spec: QuerySpec): (listener: () => void) => () => void {
  const { store } = useLiveScope();
  const latest = useRef(spec);
  latest.current = spec;
  const { table, key } = spec;
  // Equal keys mean equal queries: a new closure with the old key changes nothing.
  return useCallback(
    (listener: () => void) => store.subscribeQuery({ ...latest.current, table, key }, listener),
    [store, table, key],
  );
}

function specOf<T extends LiveTable>(table: T, options: LiveQueryOptions<T>): QuerySpec {
  const { key, filter, sort } = options;
  return {
    table,
    key,
    filter: filter && ((row: Row) => isRowOf(table, row) && filter(row)),
    sort: sort && ((a: Row, b: Row) => (isRowOf(table, a) && isRowOf(table, b) ? sort(a, b) : 0)),
  };
}

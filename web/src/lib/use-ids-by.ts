import { useMemo } from "react";
import { useLiveScope } from "./live/live-context.tsx";
import type { LiveRow, LiveTable } from "./live/live-tables.ts";
import { useLiveQuery } from "./live/use-live-rows.ts";

/** From the value of a column to the id of the live row that has it (the newest, if several do). */
export function useIdsBy<T extends LiveTable>(
  table: T,
  column: keyof LiveRow<T> & string,
): ReadonlyMap<string, string> {
  const ids = useLiveQuery(table, { key: "oldest first", sort: byAge });
  const { store } = useLiveScope();
  return useMemo(() => {
    const byValue = new Map<string, string>();
    for (const id of ids) {
      const value = store.row(table, id)?.[column];
      if (typeof value === "string") byValue.set(value, id);
    }
    return byValue;
  }, [ids, store, table, column]);
}

/** Oldest first; the database's timestamps compare as texts. */
function byAge(a: object, b: object): number {
  const of = (row: object) => ("created_at" in row ? String(row.created_at) : "");
  const [x, y] = [of(a), of(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

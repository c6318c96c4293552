import {
  parseAsArrayOf,
  parseAsString,
  parseAsStringLiteral,
  type UrlKeys,
  useQueryStates,
} from "nuqs";
import { useMemo } from "react";
import { LEAD_STATUSES } from "../../../../functions/_shared/contract/workflow.ts";
import type { GridSort } from "../../components/grid/grid-columns.ts";
import { HAS, SHOWN } from "./company-query.ts";

export const COLUMNS = [
  "name",
  "lead",
  "jobs",
  "status",
  "emails",
  "phones",
  "people",
  "industry",
  "employees",
  "place",
  "enriched",
  "added",
] as const;
const USUAL = ["name", "lead", "jobs", "status", "emails", "people", "industry", "place"];

const parsers = {
  search: parseAsString.withDefault(""),
  show: parseAsStringLiteral(SHOWN).withDefault("all"),
  lead: parseAsArrayOf(parseAsStringLiteral(LEAD_STATUSES)).withDefault([]),
  has: parseAsArrayOf(parseAsStringLiteral(HAS)).withDefault([]),
  sort: parseAsString.withDefault("jobs-"),
  columns: parseAsArrayOf(parseAsStringLiteral(COLUMNS)),
};
const urlKeys: UrlKeys<typeof parsers> = { search: "q", columns: "cols" };

/** Filter, order and columns of the table: all of it in the address, so that a link brings it back. */
export function useViewState() {
  const [state, set] = useQueryStates(parsers, { urlKeys });
  const { search, show, lead, has, sort, columns } = state;
  const filter = useMemo(() => ({ search, show, lead, has }), [search, show, lead, has]);
  const order = useMemo(
    (): GridSort => ({ column: sort.replace(/-$/, ""), descending: sort.endsWith("-") }),
    [sort],
  );
  const filtered = search !== "" || show !== "all" || lead.length > 0 || has.length > 0;
  return {
    filter,
    filtered,
    setFilter: (change: Partial<typeof filter> | null) =>
      void set(change ?? { search: null, show: null, lead: null, has: null }),
    order,
    setOrder: (next: GridSort | null) =>
      void set({ sort: next ? `${next.column}${next.descending ? "-" : ""}` : null }),
    columns: columns ?? USUAL,
    setColumns: (next: readonly string[] | null) =>
      void set({ columns: next ? COLUMNS.filter((column) => next.includes(column)) : null }),
  };
}

export type ViewState = ReturnType<typeof useViewState>;

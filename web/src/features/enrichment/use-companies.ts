import { useMemo } from "react";
import { useLiveScope } from "../../lib/live/live-context.tsx";
import { useLiveQuery } from "../../lib/live/use-live-rows.ts";
import { useIdsBy } from "../../lib/use-ids-by.ts";
import { type CompanyFilter, companyFilter, companyOrder } from "./company-query.ts";
import type { ViewState } from "./use-view-state.ts";

/** Ids of the companies to show, live, filtered and sorted. */
export function useCompanies({ filter, order }: Pick<ViewState, "filter" | "order">) {
  const failed = useFailed();
  const key = JSON.stringify([filter, order, filter.show === "failed" ? nameOf(failed) : 0]);
  return useLiveQuery("session_companies", {
    key,
    filter: useMemo(() => companyFilter(filter satisfies CompanyFilter, failed), [filter, failed]),
    sort: useMemo(() => companyOrder(order.column, order.descending), [order]),
  });
}

/** Companies whose last enrichment failed. */
function useFailed(): ReadonlySet<string> {
  const newest = useIdsBy("enrichment_status", "company_id");
  const ids = useLiveQuery("enrichment_status", {
    key: "failed",
    filter: (status) => status.status === "failed",
  });
  const { store } = useLiveScope();
  return useMemo(() => {
    const failed = new Set<string>();
    for (const id of ids) {
      const company = store.row("enrichment_status", id)?.company_id;
      if (typeof company === "string" && newest.get(company) === id) failed.add(company);
    }
    return failed;
  }, [ids, newest, store]);
}

const setNames = new WeakMap<object, number>();
let lastName = 0;

/** A number for a set: a query over another set is another query. */
function nameOf(set: object): number {
  const known = setNames.get(set);
  if (known !== undefined) return known;
  lastName += 1;
  setNames.set(set, lastName);
  return lastName;
}

/** Ids of what is ticked, hidden by the filter or not. */
export const useSelected = (): readonly string[] =>
  useLiveQuery("session_companies", {
    key: "selected",
    filter: (company) => company.selected && company.status === "active",
  });

import type { ActionInput } from "../../../../../functions/_shared/contract/workflow.ts";
import { useLiveScope } from "../../../lib/live/live-context.tsx";
import { useMutate } from "../../../lib/live/use-live-connection.ts";

type LeadStatus = ActionInput<"set_lead_status">["lead_status"];
/** As many as one action takes. */
const MOST = 10_000;

/**
 * What is changed on companies, by their ids in the session. Shown at once; sent in order, kept
 * while there is no network, taken back if the server refuses.
 */
export function useChangeCompanies() {
  const { store, scope } = useLiveScope();
  const mutate = useMutate();

  const change = (
    ids: readonly string[],
    action: string,
    data: object,
    columns: Readonly<Record<string, unknown>>,
  ) => {
    const changing = ids.filter((id) => {
      const row = store.row("session_companies", id);
      return Object.entries(columns).some(([column, value]) => row?.[column] !== value);
    });
    for (let at = 0; at < changing.length; at += MOST) {
      const part = changing.slice(at, at + MOST);
      const company_ids = part.map((id) => store.row("session_companies", id)?.company_id);
      void mutate(
        action,
        { session_id: scope.id, company_ids, ...data },
        part.map((id) => ({ table: "session_companies", id, change: columns })),
      );
    }
  };

  return {
    select: (ids: readonly string[], selected: boolean) =>
      change(ids, "select_companies", { selected }, { selected }),
    setLead: (ids: readonly string[], lead_status: LeadStatus) =>
      change(ids, "set_lead_status", { lead_status }, { lead_status }),
    remove: (ids: readonly string[]) =>
      change(ids, "remove_companies", {}, { status: "removed", selected: false }),
    /** Brings back what `remove` took. */
    restore: (ids: readonly string[]) =>
      change(ids, "remove_companies", { removed: false }, { status: "active" }),
  };
}

import { useLiveScope } from "../../../lib/live/live-context.tsx";
import { isRowOf } from "../../../lib/live/live-tables.ts";
import { useMutate } from "../../../lib/live/use-live-connection.ts";
import type { LeadRow } from "../../../lib/rows.ts";

/** As many as one action takes. */
const MOST = 10_000;
/** A lead is still open: her line may be changed, and she left out. */
export const OPEN: ReadonlySet<string> = new Set(["pending", "personalising", "ready", "failed"]);

const table = "campaign_leads";
const canChange = ({ status, email }: Readonly<LeadRow>, included: boolean): boolean =>
  included ? status === "skipped" && email !== null : OPEN.has(status);

/** What the user changes on leads: shown at once, kept without a network, taken back if refused. */
export function useChangeLeads() {
  const { store } = useLiveScope();
  const mutate = useMutate();
  return {
    setLine: (id: string, personal_line: string) =>
      void mutate("set_lead", { lead_id: id, personal_line }, [
        { table, id, change: { personal_line } },
      ]),
    /** Takes them in or leaves them out. False if that can be done with none of them. */
    include(campaign_id: string, ids: readonly string[], included: boolean): boolean {
      const changing = ids.filter((id) => {
        const lead = store.row(table, id);
        return lead !== undefined && isRowOf(table, lead) && canChange(lead, included);
      });
      const change = { status: included ? "pending" : "skipped" };
      for (let at = 0; at < changing.length; at += MOST) {
        const lead_ids = changing.slice(at, at + MOST);
        const patches = lead_ids.map((id) => ({ table, id, change }));
        void mutate("include_leads", { campaign_id, lead_ids, included }, patches);
      }
      return changing.length > 0;
    },
  };
}

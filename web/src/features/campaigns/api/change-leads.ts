import { useMutate } from "../../../lib/live/use-live-connection.ts";

/** What the user changes on a lead: shown at once, kept without a network, taken back if refused. */
export function useChangeLeads() {
  const mutate = useMutate();
  const set = (lead_id: string, data: object, change: Record<string, unknown>) =>
    void mutate("set_lead", { lead_id, ...data }, [
      { table: "campaign_leads", id: lead_id, change },
    ]);
  return {
    setLine: (id: string, personal_line: string) => set(id, { personal_line }, { personal_line }),
    setIncluded: (id: string, included: boolean) =>
      set(id, { included }, { status: included ? "pending" : "skipped" }),
  };
}

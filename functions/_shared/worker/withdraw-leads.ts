import { removeLead } from "../campaigns/instantly.ts";
import type { PushSettings } from "./campaign-handler.ts";

/**
 * Takes suppressed leads out of Instantly, whenever they came there. Suppressing is SQL's and immediate; this follows it
 * up. May be killed and repeated: what is gone already is no error.
 */
export async function withdrawLeads(
  { sql, instantly }: PushSettings,
  signal: AbortSignal,
): Promise<void> {
  // Without a key nothing was pushed from here.
  while (instantly.key) {
    const leads = await sql<{ id: string; provider_lead_id: string }[]>`
      select id, provider_lead_id from otis.leads_to_withdraw()`;
    if (leads.length === 0) return;
    for (const { id, provider_lead_id } of leads) {
      await removeLead(instantly, provider_lead_id, signal);
      await sql`select otis.lead_withdrawn(${id}, ${provider_lead_id})`;
    }
  }
}

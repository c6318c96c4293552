import * as z from "zod/mini";
import { activate, listLeads, removeLead } from "../campaigns/instantly.ts";
import type { StepOutcome } from "../queue/queue.ts";
import type { CampaignStep } from "./campaign-handler.ts";

const checkpoint = z.object({ after: z.nullable(z.string()), checked: z.boolean() });

/**
 * Starts a campaign in Instantly. First whoever it holds there is held against the suppression list, page by page: whatever
 * was suppressed since the push, or was lost with a worker, or was added there by hand, nobody on the list is written to.
 */
export async function activateCampaign({
  settings: { sql, instantly },
  campaign,
  item,
  context: { signal, log },
}: CampaignStep): Promise<StepOutcome> {
  const campaignId = campaign.provider_campaign_id ?? "";
  const saved = checkpoint.safeParse(item.payload.checkpoint).data;
  if (saved?.checked) {
    await activate(instantly, campaignId, signal);
    return { effect: { progress: { step: "started in Instantly" } } };
  }
  const page = await listLeads(instantly, campaignId, { after: saved?.after ?? null }, signal);
  const emails = page.leads.flatMap(({ email }) => (email === null ? [] : [email]));
  const [row] = await sql<{ emails: string[] }[]>`
    select otis.suppressed_among(${campaign.id}, ${emails}) as emails`;
  const suppressed = new Set(row?.emails);
  const removed = page.leads.filter(({ email }) => email !== null && suppressed.has(email));
  for (const { id } of removed) await removeLead(instantly, id, signal);
  if (removed.length > 0)
    log("info", `${removed.length} suppressed leads were taken out of the campaign in Instantly.`);
  return {
    effect: { progress: { step: "checking who must not be written to" } },
    next: { checkpoint: { after: page.next, checked: page.next === null } },
  };
}

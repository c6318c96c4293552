import type { Sql } from "postgres";
import * as z from "zod/mini";
import { type FoundLeads, LEAD_FILTERS, listLeads, readAnalytics } from "../campaigns/instantly.ts";
import type { StepOutcome } from "../queue/queue.ts";
import type { CampaignStep } from "./campaign-handler.ts";

/** Which of LEAD_FILTERS comes next, and where its list goes on. */
const checkpoint = z.object({
  filter: z.number(),
  after: z.nullable(z.string()),
  summary: z.string(),
  completed: z.boolean(),
});
type Checkpoint = z.infer<typeof checkpoint>;

/** What came of a campaign in Instantly: the totals for the log, then who replied, bounced or left, a page of them a step. */
export async function readBack(step: CampaignStep): Promise<StepOutcome> {
  const saved = checkpoint.safeParse(step.item.payload.checkpoint).data;
  return saved === undefined ? readTotals(step) : readLeads(step, saved);
}

async function readTotals({
  settings: { instantly },
  campaign,
  context: { signal, log },
}: CampaignStep): Promise<StepOutcome> {
  const campaignId = campaign.provider_campaign_id ?? "";
  const { sent, replied, bounced, unsubscribed, completed } = await readAnalytics(
    instantly,
    campaignId,
    signal,
  );
  log(
    "info",
    `Instantly: ${sent} sent, ${replied} replied, ${bounced} bounced, ${unsubscribed} unsubscribed.`,
  );
  const summary = `${replied} replied of ${sent} sent`;
  return {
    effect: { progress: { step: summary } },
    next: { checkpoint: { filter: 0, after: null, summary, completed } },
  };
}

async function readLeads(
  { settings: { sql, instantly }, campaign, context: { signal } }: CampaignStep,
  { filter, after, summary, completed }: Checkpoint,
): Promise<StepOutcome> {
  const [wanted, status] = LEAD_FILTERS[filter] ?? LEAD_FILTERS[0];
  const campaignId = campaign.provider_campaign_id ?? "";
  const page = await listLeads(instantly, campaignId, { filter: wanted, after }, signal);
  const ids = await ownIds(sql, campaign.id, page);
  const effect = { leads: ids.map((id) => ({ id, status })), progress: { step: summary } };
  if (page.next !== null)
    return { effect, next: { checkpoint: { filter, after: page.next, summary, completed } } };
  if (filter + 1 < LEAD_FILTERS.length)
    return {
      effect,
      next: { checkpoint: { filter: filter + 1, after: null, summary, completed } },
    };
  return { effect: { ...effect, ...(completed && { campaign_status: "completed" }) } };
}

/** Our leads among Instantly's: by its id, or by address where that was never learnt. */
async function ownIds(sql: Sql, campaignId: string, { leads }: FoundLeads): Promise<string[]> {
  const ids = leads.map(({ id }) => id);
  const emails = leads.flatMap(({ email }) => (email === null ? [] : [email]));
  const rows = await sql<{ id: string }[]>`
    select l.id from public.campaign_leads l
    where l.campaign_id = ${campaignId} and (l.provider_lead_id = any (${ids})
      or l.email_hash in (select otis.hash_email(e) from unnest(${emails}::text[]) e))`;
  return rows.map(({ id }) => id);
}

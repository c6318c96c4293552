import type { Sql } from "postgres";
import {
  type AddedLeads,
  addLeads,
  ensureDraft,
  type InstantlyLead,
  LEADS_A_LIST,
  LEADS_A_PAGE,
  listLeads,
} from "../campaigns/instantly.ts";
import { customValues, toInstantly } from "../campaigns/instantly-template.ts";
import type { Values } from "../campaigns/template.ts";
import type { JsonObject, StepOutcome } from "../queue/queue.ts";
import { activateCampaign } from "./activate-campaign.ts";
import { type CampaignStep, campaignHandler, type PushSettings } from "./campaign-handler.ts";
import type { CampaignTask } from "./campaign-task.ts";
import type { Handler } from "./handler.ts";
import { readBack } from "./read-back.ts";

interface PushableLead {
  readonly id: string;
  readonly email: string;
  readonly full_name: string | null;
  readonly company_name: string | null;
  readonly personal_line: string | null;
}

/** Pushing to Instantly, starting it there, and reading back what came of it. */
export function createPushHandlers(settings: PushSettings): Handler[] {
  return [
    campaignHandler("push", settings, push),
    campaignHandler("activate", settings, activateCampaign),
    campaignHandler("analytics", settings, readBack),
  ];
}

/**
 * One page of leads a step; the draft is a step of its own, committed before any lead goes out. SQL hands out only who may
 * be written to at this very moment. Killed after Instantly took a page, the same page is handed out again; Instantly skips
 * whom it has, and says on asking whom: nobody is added twice, and nobody counts as sent whom it refused.
 */
async function push({
  settings: { sql, instantly },
  campaign,
  texts,
  item,
  context: { signal, progress, log },
}: CampaignStep): Promise<StepOutcome> {
  const campaignId = campaign.provider_campaign_id;
  if (campaignId === null) {
    const { subject, body } = textsOf(texts);
    const draft = { name: `${campaign.name} (otis ${campaign.id.slice(0, 8)})`, subject, body };
    const id = await ensureDraft(instantly, draft, signal);
    return {
      effect: { provider_campaign_id: id, progress: { step: "draft made in Instantly" } },
      next: { checkpoint: {} },
    };
  }
  const leads = await sql<
    PushableLead[]
  >`select * from otis.pushable_leads(${item.id}, ${item.lease}, ${LEADS_A_PAGE})`;
  if (leads.length === 0) return { effect: { progress: { step: "pushed" } } };
  progress({
    step: `pushing ${leads.length} leads`,
    done: campaign.leads_sent,
    total: campaign.leads_total,
  });
  const { custom } = textsOf(texts);
  const values = custom.length === 0 ? new Map() : await valuesOf(sql, campaign.id, leads);
  const page = leads.map((lead) => toLead(lead, customValues(custom, values.get(lead.id) ?? {})));
  const added = await addLeads(instantly, campaignId, page, signal);
  const left = leads.filter((_, index) => !added.ids.has(index));
  const there = await findThere(instantly, campaignId, left, signal);
  // All that it did not take are there already: that is certain even of those its list does not show yet.
  const all = added.duplicated >= left.length;
  const effect = {
    leads: leads.map((lead, index) => {
      const id = added.ids.get(index) ?? there.get(lead.email.toLowerCase());
      return id === undefined && !all ? notTaken(lead, added) : sent(lead, id);
    }),
  };
  const skipped = effect.leads.filter((lead) => lead.status === "skipped").length;
  if (skipped > 0)
    log("warning", `Instantly did not take ${skipped} of ${leads.length} leads; each says why.`);
  return { effect, next: { checkpoint: {} } };
}

/** Which of these leads the campaign holds, by address. */
async function findThere(
  instantly: PushSettings["instantly"],
  campaignId: string,
  leads: readonly PushableLead[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const there = new Map<string, string>();
  for (let from = 0; from < leads.length; from += LEADS_A_LIST) {
    const contacts = leads.slice(from, from + LEADS_A_LIST).map(({ email }) => email);
    const page = await listLeads(instantly, campaignId, { contacts }, signal);
    for (const { id, email } of page.leads) if (email !== null) there.set(email, id);
  }
  return there;
}

const sent = ({ id }: PushableLead, providerId: string | undefined): JsonObject => ({
  id,
  status: "sent",
  provider_lead_id: providerId ?? null,
});

/** Instantly gives its reasons by number, not by lead: where there is but one, it is known of each. */
function notTaken({ id }: PushableLead, { blocked, invalid, elsewhere }: AddedLeads): JsonObject {
  const reasons = [
    { count: blocked, error_code: "blocked", message: "It is on Instantly's block list." },
    {
      count: invalid,
      error_code: "invalid_email",
      message: "Instantly finds the address invalid.",
    },
    {
      count: elsewhere,
      error_code: "known_elsewhere",
      message: "Another campaign in Instantly has it already.",
    },
  ].filter(({ count }) => count > 0);
  const [reason] = reasons;
  const message = "Instantly did not take it: blocked, no valid address, or in another campaign.";
  return reason === undefined || reasons.length > 1
    ? { id, status: "skipped", error_code: "not_taken", message }
    : { id, status: "skipped", error_code: reason.error_code, message: reason.message };
}

function toLead(
  { email, full_name, company_name, personal_line }: PushableLead,
  custom_variables: Record<string, string>,
): InstantlyLead {
  const [first = "", ...rest] = (full_name ?? "").split(" ");
  return {
    email,
    first_name: first || null,
    last_name: rest.join(" ") || null,
    company_name,
    personalization: personal_line,
    custom_variables,
  };
}

/** The campaign's texts in Instantly's language; an unsubscribe text that the body does not name stands at its end. */
function textsOf({ subject, body, unsubscribe_text, sender }: CampaignTask["texts"]) {
  const named = unsubscribe_text === "" || body.includes("unsubscribe_text");
  const full = named ? body : `${body}\n\n{{unsubscribe_text}}`;
  return toInstantly(
    { subject, body: full },
    { sender_name: sender.name, sender_company: sender.company, unsubscribe_text },
  );
}

/** What the previews say of each lead, for variables that Instantly does not have by itself. */
async function valuesOf(
  sql: Sql,
  campaignId: string,
  leads: readonly PushableLead[],
): Promise<ReadonlyMap<string, Values>> {
  const ids = leads.map(({ id }) => id);
  const rows = await sql<{ lead_id: string; said: Values }[]>`
    select lead_id, said from public.lead_values(${campaignId}, ${ids}::uuid[], ${ids.length})`;
  return new Map(rows.map(({ lead_id, said }) => [lead_id, said]));
}

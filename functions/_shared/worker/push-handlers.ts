import type { Sql } from "postgres";
import {
  type AddedLeads,
  activate,
  addLeads,
  ensureDraft,
  type InstantlyLead,
  LEADS_A_PAGE,
  readAnalytics,
} from "../campaigns/instantly.ts";
import { customValues, toInstantly } from "../campaigns/instantly-template.ts";
import type { Values } from "../campaigns/template.ts";
import type { JsonObject, StepOutcome, WorkItem } from "../queue/queue.ts";
import type { VendorSettings } from "../vendors/vendor-api.ts";
import { type CampaignTask, loadCampaign } from "./campaign-task.ts";
import type { Handler, HandlerContext } from "./handler.ts";

export interface PushSettings {
  sql: Sql;
  instantly: VendorSettings;
}

interface PushableLead {
  readonly id: string;
  readonly again: boolean;
  readonly email: string;
  readonly full_name: string | null;
  readonly company_name: string | null;
  readonly personal_line: string | null;
}

/** Pushing to Instantly, starting it there, and reading back what came of it. */
export function createPushHandlers(settings: PushSettings): Handler[] {
  const handler = (
    kind: string,
    run: (task: CampaignTask, item: WorkItem, context: HandlerContext) => Promise<StepOutcome>,
  ): Handler => ({
    kind,
    run: async (item, context) => run(await loadCampaign(settings.sql, item), item, context),
  });
  return [
    handler("push", (task, item, context) => push(settings, task, item, context)),
    handler("activate", async ({ campaign }, _item, { signal }) => {
      await activate(settings.instantly, campaign.provider_campaign_id ?? "", signal);
      return { effect: { progress: { step: "started in Instantly" } } };
    }),
    handler("analytics", async ({ campaign }, _item, { signal, log }) => {
      const came = await readAnalytics(
        settings.instantly,
        campaign.provider_campaign_id ?? "",
        signal,
      );
      log(
        "info",
        `Instantly: ${came.sent} sent, ${came.replied} replied, ${came.bounced} bounced, ${came.unsubscribed} unsubscribed.`,
      );
      return { effect: { progress: { step: `${came.replied} replied of ${came.sent} sent` } } };
    }),
  ];
}

/**
 * One page of leads a step; the draft is a step of its own, committed before any lead goes out. SQL hands out only who may
 * be written to at this very moment. Killed after Instantly took a page, the same page is handed out again and Instantly
 * skips whom it has: nobody is added twice.
 */
async function push(
  { sql, instantly }: PushSettings,
  { campaign, texts }: CampaignTask,
  item: WorkItem,
  { signal, progress, log }: HandlerContext,
): Promise<StepOutcome> {
  if (campaign.provider_campaign_id === null) {
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
  const added = await addLeads(instantly, campaign.provider_campaign_id, page, signal);
  const effect = { leads: leads.map((lead, index) => outcomeOf(lead, index, added)) };
  const skipped = effect.leads.filter((lead) => lead.status === "skipped").length;
  if (skipped > 0)
    log(
      "warning",
      `Instantly did not take ${skipped} of ${leads.length} leads: known there, blocked, or no valid address.`,
    );
  return { effect, next: { checkpoint: {} } };
}

/** A lead handed out again that Instantly does not name is one it took the first time. */
function outcomeOf({ id, again }: PushableLead, index: number, added: AddedLeads): JsonObject {
  const providerId = added.ids.get(index);
  if (providerId !== undefined) return { id, status: "sent", provider_lead_id: providerId };
  if (again) return { id, status: "sent" };
  return {
    id,
    status: "skipped",
    error_code: "not_taken",
    message: "Instantly did not take it: known there already, blocked, or no valid address.",
  };
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

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
    const draft = {
      name: `${campaign.name} (otis ${campaign.id.slice(0, 8)})`,
      subject: toInstantly(texts.subject),
      body: toInstantly(withUnsubscribe(texts)),
    };
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
  const added = await addLeads(instantly, campaign.provider_campaign_id, leads.map(toLead), signal);
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

function toLead({ email, full_name, company_name, personal_line }: PushableLead): InstantlyLead {
  const [first = "", ...rest] = (full_name ?? "").split(" ");
  return {
    email,
    first_name: first || null,
    last_name: rest.join(" ") || null,
    company_name,
    personalization: personal_line,
  };
}

/** Instantly's own names for what the template language calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  first_name: "firstName",
  last_name: "lastName",
  company_name: "companyName",
  personal_line: "personalization",
};

const toInstantly = (template: string) =>
  template.replace(
    /\{\{\s*([a-z_]+)\s*(\|[^{}]*)?\}\}/gi,
    (_match, name: string, fallback: string | undefined) => {
      return `{{${NAMES[name.toLowerCase()] ?? name}${fallback ?? ""}}}`;
    },
  );

const withUnsubscribe = ({ body, unsubscribe_text }: CampaignTask["texts"]) =>
  unsubscribe_text === "" || body.includes("unsubscribe_text")
    ? body.replace(/\{\{\s*unsubscribe_text[^}]*\}\}/g, unsubscribe_text)
    : `${body}\n\n${unsubscribe_text}`;

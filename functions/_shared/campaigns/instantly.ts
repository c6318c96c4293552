import * as z from "zod/mini";
import { callVendor, type VendorSettings } from "../vendors/vendor-api.ts";
import { VendorError } from "../vendors/vendor-error.ts";

/** The most leads that `POST /api/v2/leads/add` takes at once. */
export const LEADS_A_PAGE = 1000;

export interface DraftCampaign {
  /** Unique among the owner's campaigns: by it a draft is found again after a crash. */
  readonly name: string;
  readonly subject: string;
  readonly body: string;
}

export interface InstantlyLead {
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company_name: string | null;
  readonly personalization: string | null;
  /** Values of variables that Instantly does not have by itself, by their key in the texts. */
  readonly custom_variables?: Readonly<Record<string, string>>;
}

export interface AddedLeads {
  /** Instantly's id of each lead it took, by the index in what was sent. */
  readonly ids: ReadonlyMap<number, string>;
  /** How many it did not take since they are in this very campaign. */
  readonly duplicated: number;
  /** … since another campaign of the workspace has them. */
  readonly elsewhere: number;
  readonly blocked: number;
  readonly invalid: number;
}

/** What may have become of a lead after it was sent, in Instantly's words and ours. */
export const LEAD_FILTERS = [
  ["FILTER_VAL_REPLIED", "replied"],
  ["FILTER_VAL_BOUNCED", "bounced"],
  ["FILTER_VAL_UNSUBSCRIBED", "unsubscribed"],
] as const;
export type LeadFilter = (typeof LEAD_FILTERS)[number][0];

/** One page of a campaign's leads. */
export interface FoundLeads {
  readonly leads: readonly { readonly id: string; readonly email: string | null }[];
  /** Where the next page begins; null on the last. */
  readonly next: string | null;
}

export interface Analytics {
  readonly sent: number;
  readonly replied: number;
  readonly bounced: number;
  readonly unsubscribed: number;
  /** Instantly has nothing left to send. */
  readonly completed: boolean;
}

const id = z.object({ id: z.string() });
const campaigns = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });
const count = z._default(z.number(), 0);
const added = z.object({
  created_leads: z.array(z.object({ index: z.number(), id: z.string() })),
  duplicated_leads: count,
  skipped_count: count,
  in_blocklist: count,
  invalid_email_count: count,
});
const analytics = z.array(
  z.object({
    emails_sent_count: count,
    reply_count: count,
    bounced_count: count,
    unsubscribed_count: count,
    campaign_status: z.optional(z.number()),
  }),
);
const found = z.object({
  items: z.array(z.object({ id: z.string(), email: z.nullish(z.string()) })),
  next_starting_after: z.nullish(z.string()),
});

/** The most leads that one page of `POST /api/v2/leads/list` has. */
export const LEADS_A_LIST = 100;
/** Instantly's number for a campaign that is over. */
const COMPLETED = 3;

/** Settings of Instantly's API v2, from the environment. */
export function instantlySettings(
  env: Readonly<Record<string, string | undefined>>,
  fetcher: typeof fetch,
): VendorSettings {
  const base = env.OTIS_ENDPOINT_INSTANTLY || "https://api.instantly.ai";
  return {
    name: "Instantly",
    base: base.replace(/\/+$/, ""),
    key: env.INSTANTLY_API_KEY,
    keyName: "INSTANTLY_API_KEY",
    fetch: fetcher,
  };
}

/**
 * Instantly's campaign of this name, made as a draft if there is none. The API has no idempotency key, so a repeated call
 * looks first: one crash between making and remembering leads to the same draft. Throws VendorError.
 */
export async function ensureDraft(
  settings: VendorSettings,
  draft: DraftCampaign,
  signal: AbortSignal,
): Promise<string> {
  const path = `/api/v2/campaigns?limit=100&search=${encodeURIComponent(draft.name)}`;
  const { items } = await callVendor(settings, { path, signal }, campaigns);
  const found = items.find((campaign) => campaign.name === draft.name);
  if (found) return found.id;
  const made = await callVendor(
    settings,
    { method: "POST", path: "/api/v2/campaigns", body: draftBody(draft), signal },
    id,
  );
  return made.id;
}

function draftBody({ name, subject, body }: DraftCampaign) {
  const days = { 1: true, 2: true, 3: true, 4: true, 5: true };
  return {
    name,
    stop_on_reply: true,
    insert_unsubscribe_header: true,
    campaign_schedule: {
      // Instantly's list of time zones is closed; this one stands for Western Europe.
      schedules: [
        {
          name: "Working hours",
          timing: { from: "09:00", to: "17:00" },
          days,
          timezone: "Europe/Belgrade",
        },
      ],
    },
    sequences: [
      { steps: [{ type: "email", delay: 0, delay_unit: "days", variants: [{ subject, body }] }] },
    ],
  };
}

/** Adds at most LEADS_A_PAGE leads; those the campaign has already are skipped, so that it is safe to repeat. */
export async function addLeads(
  settings: VendorSettings,
  campaignId: string,
  leads: readonly InstantlyLead[],
  signal: AbortSignal,
): Promise<AddedLeads> {
  const body = {
    campaign_id: campaignId,
    skip_if_in_campaign: true,
    verify_leads_on_import: false,
    leads,
  };
  const answer = await callVendor(
    settings,
    { method: "POST", path: "/api/v2/leads/add", body, signal },
    added,
  );
  return {
    ids: new Map(answer.created_leads.map((lead) => [lead.index, lead.id])),
    duplicated: answer.duplicated_leads,
    elsewhere: answer.skipped_count,
    blocked: answer.in_blocklist,
    invalid: answer.invalid_email_count,
  };
}

/** At most LEADS_A_LIST of a campaign's leads: all, or those with these addresses, or of whom the filter is true. */
export async function listLeads(
  settings: VendorSettings,
  campaignId: string,
  which: {
    readonly contacts?: readonly string[];
    readonly filter?: LeadFilter;
    /** `next` of the page before. */
    readonly after?: string | null;
  },
  signal: AbortSignal,
): Promise<FoundLeads> {
  const { contacts, filter, after } = which;
  const body = {
    campaign: campaignId,
    limit: LEADS_A_LIST,
    ...(contacts && { contacts }),
    ...(filter && { filter }),
    ...(after && { starting_after: after }),
  };
  const { items, next_starting_after } = await callVendor(
    settings,
    { method: "POST", path: "/api/v2/leads/list", body, signal },
    found,
  );
  const leads = items.map(({ id, email }) => ({ id, email: email?.toLowerCase() ?? null }));
  return { leads, next: items.length === 0 ? null : (next_starting_after ?? null) };
}

/** Takes a lead out again; one that is gone already is no error. */
export async function removeLead(
  settings: VendorSettings,
  leadId: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `/api/v2/leads/${encodeURIComponent(leadId)}`;
  await callVendor(settings, { method: "DELETE", path, signal }, z.unknown()).catch(
    (error: unknown) => {
      if (!(error instanceof VendorError && error.code === "not_found")) throw error;
    },
  );
}

/** Starts sending. Safe to repeat. */
export async function activate(
  settings: VendorSettings,
  campaignId: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `/api/v2/campaigns/${encodeURIComponent(campaignId)}/activate`;
  await callVendor(settings, { method: "POST", path, signal }, z.unknown());
}

/** What came of the campaign so far. */
export async function readAnalytics(
  settings: VendorSettings,
  campaignId: string,
  signal: AbortSignal,
): Promise<Analytics> {
  const path = `/api/v2/campaigns/analytics?id=${encodeURIComponent(campaignId)}`;
  const [totals] = await callVendor(settings, { path, signal }, analytics);
  return {
    sent: totals?.emails_sent_count ?? 0,
    replied: totals?.reply_count ?? 0,
    bounced: totals?.bounced_count ?? 0,
    unsubscribed: totals?.unsubscribed_count ?? 0,
    completed: totals?.campaign_status === COMPLETED,
  };
}

/**
 * The contract of `POST /functions/v1/workflow`: `{action, data}` in, the action's result or
 * `{error: {code, message, details?}}` out. Imported by the function and by the web client.
 * Mutations take an `Idempotency-Key` header: the same key and body answer the same result and act once.
 */
import * as z from "zod/mini";

export const uuid = z.uuid();
export const STAGES = ["scraping", "enrichment", "campaigns", "results"] as const;
export const stage = z.enum(STAGES);
export const LEAD_STATUSES = [
  "new",
  "interesting",
  "contacted",
  "replied",
  "won",
  "ignored",
] as const;
export const leadStatus = z.enum(LEAD_STATUSES);
export const SOURCE_KINDS = [
  "careers_page",
  "greenhouse",
  "lever",
  "ashby",
  "recruitee",
  "personio",
  "smartrecruiters",
  "workable",
  "feed",
  "csv",
  "apify",
] as const;
export const sourceKind = z.enum(SOURCE_KINDS);
export const PROVIDERS = ["website", "apollo"] as const;

/** What can be paused, resumed, cancelled, retried or given a priority; `item` is a queue item of the caller. */
export const target = z.enum(["session", "run", "batch", "company", "campaign", "item"]);
const targeted = z.object({ target, id: uuid });

/** What the user typed or dropped: an address, a board, `apify:actor`, or a file already uploaded as text. */
export const sourceInput = z.union([
  z.object({
    input: z.string().check(z.trim(), z.minLength(1), z.maxLength(2000)),
    options: z.optional(z.record(z.string(), z.unknown())),
  }),
  z.object({ upload_id: uuid, name: z.string().check(z.maxLength(200)) }),
]);
const sources = z.array(sourceInput).check(z.minLength(1), z.maxLength(200));

/** One step of the enrichment waterfall. `when` is a condition on what is known already. */
export const waterfallStep = z.object({
  provider: z.enum(PROVIDERS),
  when: z._default(z.enum(["always", "no_email", "no_phone", "no_person"]), "always"),
  max_cost: z.optional(z.number().check(z.minimum(0), z.maximum(1_000_000))),
});

const ids = z.array(uuid).check(z.minLength(1), z.maxLength(10_000));
const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(120));
const email = z.string().check(z.trim(), z.toLowerCase(), z.minLength(3), z.maxLength(254));

export const campaignTexts = z.object({
  subject: z.optional(z.string().check(z.maxLength(300))),
  body: z.optional(z.string().check(z.maxLength(20_000))),
  personal_line: z.optional(z.string().check(z.maxLength(2000))),
  unsubscribe_text: z.optional(z.string().check(z.maxLength(1000))),
  sender: z.optional(z.record(z.string(), z.string())),
});

/** Input of every action, by name. */
export const actions = {
  create_session: z.object({ name: z.optional(name) }),
  rename_session: z.object({ session_id: uuid, name }),
  duplicate_session: z.object({ session_id: uuid }),
  archive_session: z.object({ session_id: uuid, archived: z._default(z.boolean(), true) }),
  set_stage: z.object({ session_id: uuid, stage }),
  detect_sources: z.object({
    inputs: z.array(z.string().check(z.maxLength(2000))).check(z.maxLength(200)),
  }),
  forecast: z.union([
    z.object({ kind: z.literal("scraping"), session_id: uuid, sources }),
    z.object({
      kind: z.literal("enrichment"),
      session_id: uuid,
      company_ids: z.optional(ids),
      providers: z.optional(z.array(waterfallStep)),
    }),
  ]),
  start_scraping: z.object({ session_id: uuid, sources }),
  start_enrichment: z.object({
    session_id: uuid,
    company_ids: z.optional(ids),
    providers: z.optional(z.array(waterfallStep).check(z.minLength(1), z.maxLength(10))),
    cost_ceiling: z.optional(z.number().check(z.minimum(0), z.maximum(1_000_000))),
  }),
  get_progress: z.object({ session_id: uuid }),
  pause: targeted,
  resume: targeted,
  cancel: targeted,
  retry: targeted,
  set_priority: z.object({
    target,
    id: uuid,
    priority: z.number().check(z.int(), z.minimum(-100), z.maximum(100)),
  }),
  select_companies: z.object({ session_id: uuid, company_ids: ids, selected: z.boolean() }),
  set_lead_status: z.object({ session_id: uuid, company_ids: ids, lead_status: leadStatus }),
  remove_companies: z.object({
    session_id: uuid,
    company_ids: ids,
    removed: z._default(z.boolean(), true),
  }),
  why_waiting: targeted,
  create_campaign: z.object({
    session_id: uuid,
    name,
    channel: z._default(z.enum(["csv", "instantly"]), "csv"),
    texts: z.optional(campaignTexts),
    company_ids: z.optional(ids),
  }),
  edit_campaign: z.object({
    campaign_id: uuid,
    name: z.optional(name),
    texts: z.optional(campaignTexts),
  }),
  preview_campaign: z.object({
    campaign_id: uuid,
    texts: z.optional(campaignTexts),
    limit: z._default(z.number().check(z.int(), z.minimum(1), z.maximum(20)), 5),
  }),
  add_leads: z.object({ campaign_id: uuid, company_ids: z.optional(ids) }),
  import_leads: z.object({ campaign_id: uuid, upload_id: uuid }),
  prepare_campaign: z.object({
    campaign_id: uuid,
    method: z._default(z.enum(["rules", "llm"]), "rules"),
  }),
  push_campaign: z.object({ campaign_id: uuid }),
  activate_campaign: z.object({ campaign_id: uuid }),
  refresh_analytics: z.object({ campaign_id: uuid }),
  set_lead: z.object({ lead_id: uuid, personal_line: z.string().check(z.maxLength(500)) }),
  include_leads: z.object({ campaign_id: uuid, lead_ids: ids, included: z.boolean() }),
  suppress: z.object({
    emails: z._default(z.array(email).check(z.maxLength(10_000)), []),
    domains: z._default(
      z
        .array(z.string().check(z.trim(), z.toLowerCase(), z.minLength(3), z.maxLength(253)))
        .check(z.maxLength(10_000)),
      [],
    ),
  }),
  erase_person: z.object({ email }),
  mark_read: z.object({ notification_ids: z.optional(ids) }),
  export: z.object({
    what: z.enum(["postings", "companies", "contacts", "leads", "events", "runs", "results"]),
    session_id: z.optional(uuid),
    campaign_id: z.optional(uuid),
  }),
} as const;

export type ActionName = keyof typeof actions;
export type ActionInput<A extends ActionName> = z.input<(typeof actions)[A]>;
export type ActionData<A extends ActionName> = z.output<(typeof actions)[A]>;

export interface DetectedSource {
  readonly input: string;
  /** null: OTIS does not recognise it; `message` says why and what to give instead. */
  readonly kind: (typeof SOURCE_KINDS)[number] | null;
  readonly key: string | null;
  readonly label: string;
  readonly message: string | null;
}

export interface Forecast {
  readonly requests: number;
  readonly seconds: number;
  readonly cost: number;
  /** `history` where the estimate comes from finished work of this kind, else `default`. */
  readonly basis: "history" | "default";
  readonly notes: readonly string[];
}

/** One entry a stage or provider that takes at least twice its usual time, or waits long. */
export interface Bottleneck {
  readonly kind: string;
  readonly severity: "warning" | "critical";
  readonly message: string;
}

export interface Progress {
  readonly snapshot: Record<string, unknown>;
  /** Seconds left of what runs now; null when nothing runs or nothing is known. */
  readonly eta_seconds: number | null;
  readonly bottlenecks: readonly Bottleneck[];
}

export interface CampaignPreview {
  readonly lead_id: string;
  readonly email: string | null;
  readonly subject: string;
  readonly body: string;
}

/** Result of every action, by name. */
export interface ActionResults {
  create_session: { session_id: string };
  rename_session: { session_id: string };
  duplicate_session: { session_id: string };
  archive_session: { session_id: string };
  set_stage: { session_id: string };
  detect_sources: { sources: DetectedSource[] };
  forecast: Forecast;
  start_scraping: { run_ids: string[] };
  start_enrichment: { batch_id: string; companies: number };
  get_progress: Progress;
  pause: { changed: number };
  resume: { changed: number };
  cancel: { changed: number };
  retry: { changed: number };
  set_priority: { changed: number };
  select_companies: { changed: number };
  set_lead_status: { changed: number };
  remove_companies: { changed: number };
  why_waiting: { reason: string; message: string; until: string | null };
  create_campaign: { campaign_id: string; leads: number };
  edit_campaign: { campaign_id: string };
  preview_campaign: { previews: CampaignPreview[]; unknown_variables: string[] };
  add_leads: { added: number };
  import_leads: { campaign_id: string };
  prepare_campaign: { queued: number };
  push_campaign: { queued: number };
  activate_campaign: { campaign_id: string };
  refresh_analytics: { campaign_id: string };
  set_lead: { lead_id: string };
  include_leads: { changed: number };
  suppress: { suppressed: number };
  erase_person: { erased: number };
  mark_read: { changed: number };
  export: { url: string };
}

/** What may be sent without an idempotency key since it writes nothing. */
export const READ_ONLY: ReadonlySet<ActionName> = new Set([
  "detect_sources",
  "forecast",
  "get_progress",
  "why_waiting",
  "preview_campaign",
  "export",
]);

export const request = z.object({ action: z.string(), data: z._default(z.unknown(), {}) });

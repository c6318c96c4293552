/** For tests of campaigns: an Instantly workspace on loopback with the rules that its API documents. */
import { afterAll } from "vitest";
import * as z from "zod/mini";
import { startVendor, type VendorAnswer, type VendorRequest } from "../contract/vendor-server.ts";

export type Call = "search" | "create" | "add" | "list" | "remove" | "activate" | "analytics";

export interface AccountLead {
  readonly id: string;
  readonly email: string;
  readonly personalization: string | null;
  readonly custom_variables: Record<string, string>;
  state: "waiting" | "replied" | "bounced" | "unsubscribed";
}

export interface AccountCampaign {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly body: string;
  readonly leads: Map<string, AccountLead>;
  active: boolean;
}

export interface InstantlyAccount {
  readonly env: Record<string, string>;
  readonly requests: readonly VendorRequest[];
  readonly campaigns: AccountCampaign[];
  /** Every call that was carried out, in order. */
  readonly calls: Call[];
  /** Addresses that it does not take. */
  readonly blocked: Set<string>;
  readonly invalid: Set<string>;
  /** Answers instead of the workspace, before anything is done; undefined lets the call through. */
  refuse: (call: Call) => VendorAnswer | undefined;
  /** Called when a call has been carried out, before its answer goes out; null hangs up instead of answering. */
  answering: (call: Call) => Promise<void> | null | undefined;
}

const draft = z.object({
  name: z.string(),
  sequences: z.array(
    z.object({
      steps: z.array(
        z.object({
          variants: z.array(z.object({ subject: z.string(), body: z.string() })),
        }),
      ),
    }),
  ),
});
/** As the API has it: nothing beyond these fields is taken. */
const lead = z.strictObject({
  email: z.string(),
  first_name: z.nullable(z.string()),
  last_name: z.nullable(z.string()),
  company_name: z.nullable(z.string()),
  personalization: z.nullable(z.string()),
  custom_variables: z.record(z.string(), z.string()),
});
const toAdd = z.object({
  campaign_id: z.string(),
  skip_if_in_campaign: z.literal(true),
  leads: z.array(lead).check(z.minLength(1), z.maxLength(1000)),
});
const toList = z.object({
  campaign: z.string(),
  limit: z.number().check(z.maximum(100)),
  contacts: z.optional(z.array(z.string())),
  filter: z.optional(z.string()),
  starting_after: z.optional(z.string()),
});

export async function startInstantly(): Promise<InstantlyAccount> {
  const account: Omit<InstantlyAccount, "env" | "requests"> = {
    campaigns: [],
    calls: [],
    blocked: new Set(),
    invalid: new Set(),
    refuse: () => undefined,
    answering: () => undefined,
  };
  let ids = 0;
  const newId = () => `id-${String(++ids).padStart(8, "0")}`;
  const find = (id: string) => account.campaigns.find((campaign) => campaign.id === id);

  const carryOut: Record<Call, (request: VendorRequest, id: string) => VendorAnswer> = {
    search: ({ url }) => ({
      body: {
        items: account.campaigns.filter(({ name }) =>
          name.includes(url.searchParams.get("search") ?? ""),
        ),
      },
    }),
    create({ body }) {
      const { name, sequences } = draft.parse(body);
      const variant = sequences[0]?.steps[0]?.variants[0] ?? { subject: "", body: "" };
      const made = { id: newId(), name, ...variant, leads: new Map(), active: false };
      account.campaigns.push(made);
      return { body: { id: made.id } };
    },
    add({ body }) {
      const { campaign_id, leads } = toAdd.parse(body);
      const campaign = find(campaign_id);
      if (campaign === undefined) return { status: 404, body: { message: "Not found" } };
      const counts = {
        in_blocklist: 0,
        invalid_email_count: 0,
        duplicated_leads: 0,
        skipped_count: 0,
      };
      const created: { index: number; id: string; email: string }[] = [];
      for (const [index, given] of leads.entries()) {
        if (account.blocked.has(given.email)) counts.in_blocklist++;
        else if (account.invalid.has(given.email)) counts.invalid_email_count++;
        else if (campaign.leads.has(given.email)) counts.duplicated_leads++;
        else if (account.campaigns.some((other) => other.leads.has(given.email)))
          counts.skipped_count++;
        else {
          const id = newId();
          campaign.leads.set(given.email, { ...given, id, state: "waiting" });
          created.push({ index, id, email: given.email });
        }
      }
      return { body: { status: "success", ...counts, created_leads: created } };
    },
    list({ body }) {
      const { campaign, limit, contacts, filter, starting_after } = toList.parse(body);
      const state = filter?.replace("FILTER_VAL_", "").toLowerCase();
      const all = [...(find(campaign)?.leads.values() ?? [])]
        .filter(({ email }) => contacts === undefined || contacts.includes(email))
        .filter((one) => state === undefined || one.state === state)
        .filter(({ id }) => starting_after === undefined || id > starting_after)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const items = all.slice(0, limit).map(({ id, email }) => ({ id, email }));
      return {
        body: {
          items,
          ...(all.length > limit && { next_starting_after: items.at(-1)?.id }),
        },
      };
    },
    remove(_, id) {
      const holder = account.campaigns.find(({ leads }) =>
        [...leads.values()].some((one) => one.id === id),
      );
      const email = [...(holder?.leads.values() ?? [])].find((one) => one.id === id)?.email;
      if (email === undefined) return { status: 404, body: { message: "Not found" } };
      holder?.leads.delete(email);
      return { body: {} };
    },
    activate(_, id) {
      const campaign = find(id);
      if (campaign === undefined) return { status: 404, body: { message: "Not found" } };
      campaign.active = true;
      return { body: { id, status: 1 } };
    },
    analytics({ url }) {
      const leads = [...(find(url.searchParams.get("id") ?? "")?.leads.values() ?? [])];
      const count = (state: string) => leads.filter((one) => one.state === state).length;
      return {
        body: [
          {
            campaign_status: 1,
            emails_sent_count: leads.length,
            reply_count: count("replied"),
            bounced_count: count("bounced"),
            unsubscribed_count: count("unsubscribed"),
          },
        ],
      };
    },
  };

  const vendor = await startVendor(async (request) => {
    if (request.headers.authorization !== "Bearer secret")
      return { status: 401, body: { statusCode: 401, error: "Unauthorized", message: "No key" } };
    const { call, id } = readCall(request);
    const refusal = account.refuse(call);
    if (refusal !== undefined) return refusal;
    const answer = carryOut[call](request, id);
    account.calls.push(call);
    const held = account.answering(call);
    if (held === null) return { body: null };
    await held;
    return answer;
  });
  afterAll(vendor.close);
  return Object.assign(account, {
    env: { OTIS_ENDPOINT_INSTANTLY: vendor.url, INSTANTLY_API_KEY: "secret" },
    requests: vendor.requests,
  });
}

function readCall({ method, url }: VendorRequest): { call: Call; id: string } {
  const [resource = "", id = "", verb = ""] = url.pathname.replace("/api/v2/", "").split("/");
  if (resource === "campaigns" && id === "analytics") return { call: "analytics", id };
  if (resource === "campaigns" && verb === "activate") return { call: "activate", id };
  if (resource === "campaigns") return { call: method === "POST" ? "create" : "search", id };
  if (resource === "leads" && id === "add") return { call: "add", id };
  if (resource === "leads" && id === "list") return { call: "list", id };
  if (resource === "leads" && method === "DELETE") return { call: "remove", id };
  throw new Error(`Instantly has no ${method} ${url.pathname}`);
}

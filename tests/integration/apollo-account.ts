/** For tests of enrichment: an Apollo account on loopback that charges as the real one does, and counts. */
import { afterAll } from "vitest";
import { startVendor, type VendorAnswer, type VendorRequest } from "../contract/vendor-server.ts";

const SEARCH = "/api/v1/mixed_people/api_search";
const MATCH = "/api/v1/people/bulk_match";
const ENRICH = "/api/v1/organizations/enrich";
export type Call = "search" | "match" | "enrich";

export interface ApolloAccount {
  readonly env: Record<string, string>;
  readonly requests: readonly VendorRequest[];
  /** Credits taken, by `match:DOMAIN` and `enrich:DOMAIN`; what was charged twice is there twice as high. */
  readonly charged: Map<string, number>;
  readonly spent: number;
  /** Answers instead of the account, before anything is charged; undefined lets the call through. */
  refuse: (call: Call, domain: string) => VendorAnswer | undefined;
  /** Called when a call has been charged, before its answer goes out; null hangs up instead of answering. */
  answering: (call: Call, domain: string) => null | undefined;
}

/** Every company has two people whose addresses Apollo knows, and an organisation. */
export async function startApollo(): Promise<ApolloAccount> {
  const account = {
    charged: new Map<string, number>(),
    get spent() {
      return [...account.charged.values()].reduce((sum, credits) => sum + credits, 0);
    },
    refuse: (): VendorAnswer | undefined => undefined,
    answering: (): null | undefined => undefined,
  } as Omit<ApolloAccount, "env" | "requests">;
  const charge = (key: string, credits: number) =>
    account.charged.set(key, (account.charged.get(key) ?? 0) + credits);

  const vendor = await startVendor(({ url, body }) => {
    const { call, domain } = readCall(url, body);
    const refusal = account.refuse(call, domain);
    if (refusal !== undefined) return refusal;
    if (call === "match") charge(`match:${domain}`, 2);
    if (call === "enrich") charge(`enrich:${domain}`, 1);
    return account.answering(call, domain) === null ? { body: null } : answers[call](domain);
  });
  afterAll(vendor.close);
  return Object.assign(account, {
    env: { OTIS_ENDPOINT_APOLLO: vendor.url, APOLLO_API_KEY: "secret" },
    requests: vendor.requests,
  });
}

function readCall(url: URL, body: unknown): { call: Call; domain: string } {
  const asked = body as { q_organization_domains_list?: string[]; details?: { id: string }[] };
  switch (url.pathname) {
    case SEARCH:
      return { call: "search", domain: asked.q_organization_domains_list?.[0] ?? "" };
    case MATCH:
      return { call: "match", domain: asked.details?.[0]?.id.split("/")[0] ?? "" };
    case ENRICH:
      return { call: "enrich", domain: url.searchParams.get("domain") ?? "" };
    default:
      throw new Error(`Apollo has no ${url.pathname}`);
  }
}

const answers: Record<Call, (domain: string) => VendorAnswer> = {
  search: (domain) => ({
    body: {
      total_entries: 2,
      people: [1, 2].map((n) => ({ id: `${domain}/${n}`, first_name: `P${n}`, has_email: true })),
    },
  }),
  match: (domain) => ({
    body: {
      credits_consumed: 2,
      missing_records: 0,
      matches: ["Anna Weber", "Jan Smit"].map((name, index) => ({
        id: `${domain}/${index + 1}`,
        name,
        title: "Owner",
        email: `${name.split(" ")[0]?.toLowerCase()}@${domain}`,
        email_status: "verified",
      })),
    },
  }),
  enrich: (domain) => ({
    body: { organization: { id: domain, name: domain, primary_domain: domain, industry: "food" } },
  }),
};

import * as z from "zod/mini";
import { callVendor, type VendorSettings } from "../../vendors/vendor-api.ts";

/** The API's own limit of `details` in one match. */
export const MATCH_SIZE = 10;

const text = z.nullish(z.string());
const number = z.nullish(z.number());

const organisation = z.object({
  name: text,
  industry: text,
  estimated_num_employees: number,
  annual_revenue: number,
  founded_year: number,
  city: text,
  country: text,
  linkedin_url: text,
  technology_names: z.nullish(z.array(z.string())),
});
export type ApolloOrganisation = z.output<typeof organisation>;

const match = z.object({
  id: z.string(),
  name: text,
  first_name: text,
  last_name: text,
  title: text,
  email: text,
  email_status: text,
  linkedin_url: text,
});
export type ApolloMatch = z.output<typeof match>;

const enriched = z.object({ organization: z.nullish(organisation) });
const searched = z.object({
  people: z.array(z.object({ id: z.string(), has_email: z.nullish(z.boolean()) })),
});
const matched = z.object({ credits_consumed: number, matches: z.array(z.nullable(match)) });

/** The forms in which bought answers are kept, to read them again. */
export const keptOrganisation = z.nullable(organisation);
export const keptMatches = z.array(match);

/** Settings of Apollo's API, from the environment. */
export function apolloSettings(
  env: Readonly<Record<string, string | undefined>>,
  fetcher: typeof fetch,
): VendorSettings {
  const base = (env.OTIS_ENDPOINT_APOLLO || "https://api.apollo.io").replace(/\/+$/, "");
  return {
    name: "Apollo",
    // The setting may be Apollo's host or, as its documentation writes the base, have the version behind it.
    base: base.endsWith("/api/v1") ? base : `${base}/api/v1`,
    key: env.APOLLO_API_KEY,
    keyName: "APOLLO_API_KEY",
    keyHeader: "x-api-key",
    fetch: fetcher,
  };
}

/** One credit. Null if Apollo does not know the domain. Throws VendorError. */
export async function enrichOrganisation(
  settings: VendorSettings,
  domain: string,
  signal: AbortSignal,
): Promise<ApolloOrganisation | null> {
  const path = `/organizations/enrich?domain=${encodeURIComponent(domain)}`;
  const { organization } = await callVendor(settings, { path, signal }, enriched);
  return organization ?? null;
}

/** Free: ids of people who work there and whose address Apollo has, best match first. Throws VendorError. */
export async function searchPeople(
  settings: VendorSettings,
  domain: string,
  titles: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const body = {
    q_organization_domains_list: [domain],
    person_titles: titles,
    include_similar_titles: true,
    page: 1,
    per_page: 25,
  };
  const { people } = await callVendor(
    settings,
    { method: "POST", path: "/mixed_people/api_search", body, signal },
    searched,
  );
  return people.filter(({ has_email }) => has_email !== false).map(({ id }) => id);
}

/** About a credit a person; at most `MATCH_SIZE` ids. Those whom Apollo does not find are left out. Throws VendorError. */
export async function matchPeople(
  settings: VendorSettings,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<{ matches: ApolloMatch[]; credits: number }> {
  const body = { details: ids.map((id) => ({ id })), reveal_personal_emails: false };
  const answer = await callVendor(
    settings,
    { method: "POST", path: "/people/bulk_match", body, signal },
    matched,
  );
  return {
    matches: answer.matches.filter((person) => person !== null),
    credits: answer.credits_consumed ?? ids.length,
  };
}

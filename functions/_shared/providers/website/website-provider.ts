import { FetchFailure } from "../../safe-fetch/fetch-failure.ts";
import {
  emptyResult,
  type FoundContact,
  type FoundFact,
  type Provider,
  type ProviderContext,
  ProviderError,
  type Subject,
} from "../provider.ts";
import { extractCompany } from "./extract-company.ts";
import type { Found, Method, PageKind } from "./found.ts";
import { guessEmails } from "./guess-emails.ts";
import { type CompanySite, mergePages, type ReadPage, type Sourced } from "./merge-pages.ts";

/** Pages of one site that are read at most, the home page included. */
const MAX_PAGES = 6;

/** Which pages are read after the home page, the most telling first. */
const ORDER: readonly PageKind[] = ["imprint", "contact", "team", "about"];

const HTML = ["text/html", "application/xhtml+xml"];

/** Reads the company's own site: the home page, and the contact, imprint, team and about pages that it links to. Free. */
export const websiteProvider: Provider = {
  name: "website",
  cannot: (company) => (homeOf(company) === null ? "its website is not known" : null),
  cost: () => 0,
  async run(company, context) {
    const home = homeOf(company);
    if (home === null) return emptyResult();
    const { pages, notes } = await readSite(home, context);
    const site = mergePages(pages);
    const foundAt = new Date(context.clock.now()).toISOString();
    const own = ownAddress(pages[0]?.url ?? home, foundAt);
    return {
      ...emptyResult(),
      facts: [own, ...factsOf(site, foundAt)],
      contacts: contactsOf(site, company, foundAt),
      notes,
    };
  },
};

/** Where the site really is, after redirects. */
function ownAddress(url: string, foundAt: string): FoundFact {
  return {
    key: "website_url",
    value: url,
    provider: "website",
    sourceUrl: url,
    method: "link",
    confidence: 0.95,
    cost: 0,
    foundAt,
  };
}

function homeOf({ website, domain }: Subject): string | null {
  return website ?? (domain === null ? null : `https://${domain}/`);
}

/** Reads the home page, without which nothing can be had, and then what it leads to. */
async function readSite(
  home: string,
  context: ProviderContext,
): Promise<{ pages: ReadPage[]; notes: string[] }> {
  context.progress("reading the home page");
  const first = await readHome(home, context);
  const pages = [first];
  const notes: string[] = [];
  const queue = [...first.page.pages];
  const seen = new Set([first.url, ...queue.map(({ url }) => url)]);
  while (pages.length < MAX_PAGES) {
    const next = takeNext(queue);
    if (next === undefined) break;
    context.progress(`reading ${new URL(next.url).pathname}`);
    try {
      const { page: read } = await readPage(next.url, context);
      if (read === null || pages.some(({ url }) => url === read.url)) continue;
      pages.push(read);
      // A contact page often links to the imprint that the home page hides.
      for (const link of read.page.pages)
        if (!seen.has(link.url) && seen.add(link.url)) queue.push(link);
    } catch (cause) {
      if (!(cause instanceof FetchFailure)) throw cause;
      notes.push(cause.message);
    }
  }
  return { pages, notes };
}

/** Removes and answers the most telling page that is left; a second page of a kind comes last. */
function takeNext(queue: { kind: PageKind; url: string }[]): { url: string } | undefined {
  for (const kind of ORDER) {
    const index = queue.findIndex((link) => link.kind === kind);
    if (index >= 0) return queue.splice(index, 1)[0];
  }
  return undefined;
}

async function readHome(home: string, context: ProviderContext): Promise<ReadPage> {
  try {
    return await readFirst(home, context);
  } catch (cause) {
    // Small companies' sites may speak http only; a guessed https address deserves a second try.
    const insecure =
      cause instanceof FetchFailure && /^(?:connect_failed|tls_failed)$/.test(cause.code);
    if (!insecure || !home.startsWith("https://")) throw cause;
    return await readFirst(home.replace("https://", "http://"), context);
  }
}

/** Rejects if there is no page: without the home page nothing is known of the company. */
async function readFirst(url: string, context: ProviderContext): Promise<ReadPage> {
  const { page, status } = await readPage(url, context);
  if (page !== null) return page;
  const code = status === 429 || status >= 500 ? "website_down" : "no_website";
  throw new ProviderError(code, new URL(url).host, { detail: `HTTP ${status}` });
}

async function readPage(
  url: string,
  context: ProviderContext,
): Promise<{ page: ReadPage | null; status: number }> {
  const response = await context.fetch(url, { signal: context.signal, accept: HTML });
  const { status } = response;
  if (status < 200 || status >= 300) return { page: null, status };
  return {
    page: { url: response.url, page: extractCompany(response.text(), { url: response.url }) },
    status,
  };
}

function factsOf(site: CompanySite, foundAt: string): FoundFact[] {
  const facts: FoundFact[] = [];
  const add = (key: string, value: string | null, from: Sourced<unknown>): void => {
    if (value) facts.push({ key, value: value.slice(0, 4000), ...provenance(from, foundAt) });
  };
  if (site.name !== null) add("name", site.name.value, site.name);
  if (site.description !== null) add("description", site.description.value, site.description);
  if (site.address !== null) {
    const { street, postalCode, city, region, country } = site.address;
    add(
      "address",
      [street, [postalCode, city].filter(Boolean).join(" "), country].filter(Boolean).join(", "),
      site.address,
    );
    add("street", street, site.address);
    add("postal_code", postalCode, site.address);
    add("city", city, site.address);
    add("region", region, site.address);
    add("country", country, site.address);
  }
  for (const social of site.socials) add(`social_${social.network}`, social.url, social);
  for (const technology of site.technologies) add("technology", technology.value, technology);
  for (const fact of site.facts) add(fact.key, fact.value, fact);
  for (const fax of site.phones.filter(({ kind }) => kind === "fax")) add("fax", fax.e164, fax);
  return facts;
}

function contactsOf(site: CompanySite, company: Subject, foundAt: string): FoundContact[] {
  const people = site.people.map((person) =>
    contact(
      {
        kind: "person",
        fullName: person.name,
        role: person.role,
        email: person.email?.toLowerCase() ?? null,
        emailStatus: person.email === null ? null : "found",
        phone: person.phone,
      },
      person,
      foundAt,
    ),
  );
  const taken = new Set(people.map(({ email }) => email));
  const emails = site.emails
    .filter(({ address }) => !taken.has(address))
    .map((email) =>
      contact({ kind: "email", email: email.address, emailStatus: "found" }, email, foundAt),
    );
  const phones = site.phones
    .filter(({ kind }) => kind !== "fax")
    .map((phone) => contact({ kind: "phone", phone: phone.e164 }, phone, foundAt));
  return guessEmails([...people, ...emails, ...phones], company.domain);
}

function contact(
  values: Partial<FoundContact> & Pick<FoundContact, "kind">,
  from: Found<unknown> & { sourceUrl: string },
  foundAt: string,
): FoundContact {
  const full = {
    fullName: null,
    role: null,
    email: null,
    emailStatus: null,
    phone: null,
    linkedinUrl: null,
    ...values,
  };
  return { ...full, ...provenance(from, foundAt) };
}

function provenance(
  from: { confidence: number; method: Method; sourceUrl: string },
  foundAt: string,
) {
  return {
    provider: "website" as const,
    sourceUrl: from.sourceUrl,
    method: from.method,
    confidence: Math.round(from.confidence * 1000) / 1000,
    cost: 0,
    foundAt,
  };
}

import { getDomain, parse } from "tldts";
import type { Page } from "./page.ts";
import { parseUrl } from "./page.ts";
import { type Organisation, texts } from "./structured-data.ts";

/** Hosts of many sites: a page there says nothing about the company's own domain. */
const SHARED_HOSTS =
  /(?:^|\.)(?:github\.io|gitlab\.io|netlify\.app|vercel\.app|pages\.dev|web\.app|herokuapp\.com|wixsite\.com|wordpress\.com|blogspot\.\w+|jimdofree\.com|jimdosite\.com|weebly\.com|webflow\.io|facebook\.com|linkedin\.com|google\.com|cloudaccess\.host)$/;

/** Reserved names (RFC 2606) that templates leave behind. */
const RESERVED = /^(?:example|domain|yourdomain|yoursite|mysite)\./;

/** The registrable domain of a host; null for addresses and for hosts without one. */
export function registrableDomain(host: string): string | null {
  return getDomain(host, { allowPrivateDomains: true });
}

/** Whether the host ends in a public suffix that exists, so that mail can reach it. */
export function hasPublicSuffix(host: string): boolean {
  const { isIcann, domain } = parse(host);
  return isIcann === true && domain !== null;
}

/** Registrable domains that the page's address and its own declarations name as the company's. */
export function ownDomains(page: Page, organisations: Organisation[]): Set<string> {
  const declared = organisations.flatMap(({ thing }) => texts(thing, "url"));
  const addresses = [page.url?.href, page.canonical, page.meta.get("og:url"), ...declared];
  const domains = new Set<string>();
  for (const address of addresses) {
    const host = parseUrl(address ?? null, page.url)?.hostname;
    const domain = host === undefined ? null : registrableDomain(host);
    if (domain !== null && !SHARED_HOSTS.test(domain) && !RESERVED.test(domain))
      domains.add(domain);
  }
  return domains;
}

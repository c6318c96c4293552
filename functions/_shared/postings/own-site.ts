import { isNamedAfter, registrableDomain } from "./company.ts";
import type { Posting } from "./posting.ts";

/**
 * Job boards seldom say where a company is at home, but postings link there: to the posting on its own site, or
 * "more about us". The first link whose domain is called like the company names its site; without one nothing changes.
 */
export function withOwnSite(posting: Posting): Posting {
  const { name, domain } = posting.company;
  if (domain !== null || name === null) return posting;
  for (const link of linksOf(posting)) {
    const found = registrableDomain(link);
    if (found === null || !isNamedAfter(name, found)) continue;
    const company = { ...posting.company, domain: found, url: new URL("/", link).href };
    // The key stays: it is made of the name, and may carry the mark of a second such opening.
    return { ...posting, company };
  }
  return posting;
}

/** The description is sanitised, so its links have one form. */
function linksOf({ url, applyUrl, descriptionHtml }: Posting): string[] {
  const described = [...descriptionHtml.matchAll(/href="(https?:[^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
  return [url, applyUrl, ...described]
    .filter((link) => link !== null)
    .filter((link) => URL.canParse(link));
}

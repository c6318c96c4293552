import { extractAddress } from "./addresses.ts";
import { guessCountries } from "./countries.ts";
import { extractEmails } from "./emails.ts";
import { extractFacts, findPages } from "./facts.ts";
import type { CompanyPage } from "./found.ts";
import { extractDescription, extractName } from "./names.ts";
import { readPage } from "./page.ts";
import { extractPeople, matchEmail } from "./people.ts";
import { extractPhones } from "./phones.ts";
import { ownDomains, registrableDomain } from "./site.ts";
import { extractSocials } from "./socials.ts";
import { findOrganisations } from "./structured-data.ts";
import { extractTechnologies } from "./technologies.ts";
import { findThirdParties } from "./third-parties.ts";

/**
 * Reads what a page says about the company that it belongs to. Pure; never throws, whatever the text.
 *
 * @param html the page as text, already decoded
 * @param options.url the address it was read from; without it relative links and the own domain are unknown
 */
export function extractCompany(html: string, options: { url?: string | null } = {}): CompanyPage {
  const page = readPage(html, options.url);
  const organisations = findOrganisations(page);
  const thirdParties = findThirdParties(page.lines);
  const countries = guessCountries(page, organisations);
  const own = ownDomains(page, organisations);
  const emails = extractEmails(page, organisations, own, thirdParties);
  const address = extractAddress(page, organisations, countries[0] ?? null, thirdParties);
  const name = extractName(page, organisations, own, address?.city ?? null);
  const mailDomains = emails.map(
    ({ address }) => registrableDomain(address.split("@")[1] ?? "") ?? "",
  );
  const names = [
    name?.value ?? "",
    page.meta.get("og:site_name") ?? "",
    ...[...own, ...mailDomains].map((domain) => domain.split(".")[0] ?? ""),
  ];
  const addresses = emails.map(({ address }) => address);
  return {
    name,
    description: extractDescription(page, organisations),
    emails,
    phones: extractPhones(page, organisations, countries, thirdParties),
    address,
    socials: extractSocials(page, organisations, names.filter(Boolean)),
    people: extractPeople(page).map((person) => ({
      ...person,
      email: person.email ?? matchEmail(person.name, addresses),
    })),
    technologies: extractTechnologies(page),
    facts: extractFacts(page, organisations),
    pages: findPages(page),
    language: page.language,
  };
}

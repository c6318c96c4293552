import { extractAddress } from "./addresses.ts";
import { guessCountries } from "./countries.ts";
import { extractEmails, isFreeMail } from "./emails.ts";
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
  const mailboxes = emails.map(({ address }) => address);
  const address = extractAddress(page, organisations, countries[0] ?? null, thirdParties);
  const stems = domainStems([...own, ...mailboxes.map(mailDomain)]);
  const name = extractName(page, organisations, stems, address?.city ?? null);
  const people = extractPeople(page, name?.value ?? null);

  return {
    name,
    description: extractDescription(page, organisations),
    emails,
    phones: extractPhones(page, organisations, countries, thirdParties),
    address,
    socials: extractSocials(page, organisations, name === null ? stems : [name.value, ...stems]),
    people: people.map((person) => ({
      ...person,
      email: person.email ?? matchEmail(person.name, mailboxes),
    })),
    technologies: extractTechnologies(page),
    facts: extractFacts(page, organisations),
    pages: findPages(page),
    language: page.language,
  };
}

function mailDomain(mailbox: string): string {
  return registrableDomain(mailbox.split("@")[1] ?? "") ?? "";
}

/** "bakkerij-jansen.nl" → "bakkerij-jansen"; domains of mail providers say nothing of the company. */
function domainStems(domains: string[]): string[] {
  const telling = domains.filter((domain) => domain !== "" && !isFreeMail(domain));
  return [...new Set(telling.map((domain) => domain.split(".")[0] ?? ""))];
}

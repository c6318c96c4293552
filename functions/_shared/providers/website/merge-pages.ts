import type { Address, CompanyPage, Email, Fact, Found, Person, Phone, Social } from "./found.ts";

/** A value with the page that it was read from. */
export type Sourced<T> = Found<T> & { sourceUrl: string };

export interface ReadPage {
  url: string;
  page: CompanyPage;
}

/** What all pages that were read say together: every value once, from the page that is surest of it. */
export interface CompanySite {
  name: Sourced<{ value: string }> | null;
  description: Sourced<{ value: string }> | null;
  emails: Sourced<Email>[];
  phones: Sourced<Phone>[];
  address: Sourced<Address> | null;
  socials: Sourced<Social>[];
  people: Sourced<Person>[];
  technologies: Sourced<{ value: string }>[];
  facts: Sourced<Fact>[];
}

/** Brings pages of one site together. The first page (the home page) wins among equally sure values. */
export function mergePages(pages: readonly ReadPage[]): CompanySite {
  return {
    name: surest(pages, (page) => (page.name === null ? [] : [page.name])),
    description: surest(pages, (page) => (page.description === null ? [] : [page.description])),
    emails: once(
      pages,
      (page) => page.emails,
      ({ address }) => address,
    ),
    // Fax and phone may share digits only if one page is wrong; being able to call counts more.
    phones: once(
      pages,
      (page) => page.phones,
      ({ e164 }) => e164,
    ),
    address: surest(pages, (page) => (page.address === null ? [] : [page.address])),
    socials: once(
      pages,
      (page) => page.socials,
      ({ network }) => network,
    ),
    people: mergePeople(pages),
    technologies: once(
      pages,
      (page) => page.technologies,
      ({ value }) => value,
    ),
    facts: once(
      pages,
      (page) => page.facts,
      ({ key }) => key,
    ),
  };
}

function sourced<T>(
  pages: readonly ReadPage[],
  list: (page: CompanyPage) => Found<T>[],
): Sourced<T>[] {
  return pages.flatMap(({ url, page }) =>
    list(page).map((found) => ({ ...found, sourceUrl: url })),
  );
}

function surest<T>(
  pages: readonly ReadPage[],
  list: (page: CompanyPage) => Found<T>[],
): Sourced<T> | null {
  return sourced(pages, list).reduce<Sourced<T> | null>(
    (best, next) => (best === null || next.confidence > best.confidence ? next : best),
    null,
  );
}

function once<T>(
  pages: readonly ReadPage[],
  list: (page: CompanyPage) => Found<T>[],
  key: (value: T) => string,
): Sourced<T>[] {
  const best = new Map<string, Sourced<T>>();
  for (const value of sourced(pages, list)) {
    const known = best.get(key(value));
    if (known === undefined || value.confidence > known.confidence) best.set(key(value), value);
  }
  return [...best.values()];
}

/** One page knows the role, another one the address. */
function mergePeople(pages: readonly ReadPage[]): Sourced<Person>[] {
  const people = once(
    pages,
    (page) => page.people,
    ({ name }) => name.toLowerCase(),
  );
  const all = sourced(pages, (page) => page.people);
  return people.map((person) => {
    const same = all.filter(({ name }) => name.toLowerCase() === person.name.toLowerCase());
    const first = <K extends "role" | "email" | "phone">(key: K): string | null =>
      person[key] ?? same.find((other) => other[key] !== null)?.[key] ?? null;
    return { ...person, role: first("role"), email: first("email"), phone: first("phone") };
  });
}

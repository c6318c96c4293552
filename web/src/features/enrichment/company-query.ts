import type { LiveRow } from "../../lib/live/live-tables.ts";

type Company = LiveRow<"session_companies">;

export const SHOWN = ["all", "selected", "new", "enriched", "failed"] as const;
export const HAS = ["email", "phone", "person"] as const;

/** What the user wants to see of the companies of a session. */
export interface CompanyFilter {
  readonly search: string;
  readonly show: (typeof SHOWN)[number];
  readonly lead: readonly string[];
  readonly has: readonly (typeof HAS)[number][];
}

const counts = { email: "emails_count", phone: "phones_count", person: "people_count" } as const;

/** The filter as a function; `failed` holds the companies whose last enrichment failed. */
export function companyFilter(
  { search, show, lead, has }: CompanyFilter,
  failed: ReadonlySet<string>,
): (company: Company) => boolean {
  const words = fold(search).split(/\s+/).filter(Boolean);
  return (company) =>
    company.status === "active" &&
    isShown(company, show, failed) &&
    (lead.length === 0 || lead.includes(company.lead_status)) &&
    has.every((what) => company[counts[what]] > 0) &&
    (words.length === 0 || words.every((word) => textOf(company).includes(word)));
}

function isShown(company: Company, show: CompanyFilter["show"], failed: ReadonlySet<string>) {
  switch (show) {
    case "all":
      return true;
    case "selected":
      return company.selected;
    case "new":
      return company.enriched_at === null;
    case "enriched":
      return company.enriched_at !== null;
    case "failed":
      return failed.has(company.company_id);
  }
}

const fold = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** What is searched and sorted by, worked out once a row: ten thousand rows are searched at every key. */
const texts = new WeakMap<Company, string>();
const names = new WeakMap<Company, string>();

function textOf(company: Company): string {
  const known = texts.get(company);
  if (known !== undefined) return known;
  const { name, domain, industry, city, country } = company;
  const text = fold([name, domain, industry, city, country].filter(Boolean).join(" "));
  texts.set(company, text);
  return text;
}

function nameOf(company: Company): string {
  const known = names.get(company);
  if (known !== undefined) return known;
  const name = fold(company.name);
  names.set(company, name);
  return name;
}

type Key = (company: Company) => string | number | null;

const LEAD_ORDER = ["won", "replied", "contacted", "interesting", "new", "ignored"];

/** What each sortable column is sorted by. */
const keys: Readonly<Record<string, Key>> = {
  name: nameOf,
  jobs: (c) => c.jobs_count,
  lead: (c) => LEAD_ORDER.indexOf(c.lead_status),
  emails: (c) => c.emails_count,
  phones: (c) => c.phones_count,
  people: (c) => c.people_count,
  industry: (c) => c.industry,
  employees: (c) => c.employees,
  place: (c) => (c.country ? `${c.country} ${c.city ?? ""}` : c.city),
  enriched: (c) => c.enriched_at,
  added: (c) => c.created_at,
};

/** Empty values come last either way. Equal ones keep their order. */
export function companyOrder(column: string, descending: boolean) {
  const key = keys[column] ?? nameOf;
  const sign = descending ? -1 : 1;
  return (a: Company, b: Company): number => {
    const x = key(a);
    const y = key(b);
    if (x === y) return 0;
    if (x === null) return 1;
    if (y === null) return -1;
    return x < y ? -sign : sign;
  };
}

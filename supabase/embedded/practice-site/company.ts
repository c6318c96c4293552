import { parsePhoneNumberFromString } from "libphonenumber-js/max";

export type Country = "NL" | "DE" | "BE" | "GB";
export type Language = "nl" | "de" | "en" | "fr";

/** How the company's own pages show its contact details. */
export type ContactStyle =
  | "json_ld"
  | "footer"
  | "table"
  | "imprint"
  | "cloudflare"
  | "microdata"
  | "typo3"
  | "spelt_out"
  | "form_only";

/** Where and in which form its openings are published. */
export type CareersStyle =
  | "inline_json_ld"
  | "graph_details"
  | "paged_details"
  | "microdata"
  | "microdata_details"
  | "sitemap"
  | "rss"
  | "atom"
  | "xml"
  | "csv"
  | "greenhouse"
  | "lever"
  | "ashby"
  | "recruitee"
  | "personio"
  | "smartrecruiters"
  | "workable";

/** What goes wrong with the company's site before, or besides, the right answer. */
export type Trouble = "slow" | "busy_once" | "fails_once" | "broken_markup";

/** A company as the data files write it. */
export interface CompanySeed {
  name: string;
  form?: string;
  country: Country;
  language: Language;
  trade: string;
  about: string;
  street: string;
  code: string;
  city: string;
  /** As the site writes them; the first one is the main one. */
  phones: string[];
  fax?: string;
  /** Local parts; the domain is the company's own. */
  mailboxes: string[];
  /** "name | role | mailbox", the mailbox may be missing. */
  people?: string[];
  socials?: string[];
  contact: ContactStyle;
  careers: CareersStyle;
  /** A second place where the same openings stand. */
  also?: CareersStyle;
  trouble?: Trouble;
  /** "title | type | salary | days ago | place": see `readJob`. */
  jobs: string[];
}

export type EmploymentType = "FULL_TIME" | "PART_TIME" | "TEMPORARY" | "INTERN" | "CONTRACTOR";

export interface Job {
  /** Unique on the whole site. */
  id: number;
  slug: string;
  title: string;
  city: string;
  remote: boolean;
  type: EmploymentType;
  salary: { min: number; max: number; currency: string; period: "MONTH" | "HOUR" | "YEAR" } | null;
  /** ISO date, YYYY-MM-DD. */
  postedOn: string;
  department: string;
}

export interface Company extends Omit<CompanySeed, "jobs" | "people" | "phones" | "mailboxes"> {
  slug: string;
  /** Registrable domain: names under .localhost never leave the machine (RFC 6761). */
  domain: string;
  fullName: string;
  emails: string[];
  phones: { written: string; e164: string }[];
  people: { name: string; role: string; email: string | null }[];
  jobs: Job[];
}

const TYPES: Record<string, EmploymentType> = {
  full: "FULL_TIME",
  part: "PART_TIME",
  temp: "TEMPORARY",
  intern: "INTERN",
  free: "CONTRACTOR",
};

/** Completes a seed. `today` is what "days ago" counts from. */
export function buildCompany(seed: CompanySeed, number: number, today: Date): Company {
  const slug = slugify(seed.name);
  const domain = `${slug}.localhost`;
  return {
    ...seed,
    slug,
    domain,
    fullName: seed.form === undefined ? seed.name : `${seed.name} ${seed.form}`,
    emails: seed.mailboxes.map((mailbox) => `${mailbox}@${domain}`),
    phones: seed.phones.map((written) => ({ written, e164: toE164(written, seed.country) })),
    people: (seed.people ?? []).map((line) => {
      const [name = "", role = "", mailbox = ""] = line.split("|").map((part) => part.trim());
      return { name, role, email: mailbox === "" ? null : `${mailbox}@${domain}` };
    }),
    jobs: seed.jobs.map((line, index) => readJob(line, number * 100 + index + 1, seed, today)),
  };
}

/** Reads "title | full,part,temp,intern,free | 2800-3400/month | 3 | city or remote"; only the title must be there. */
function readJob(line: string, id: number, seed: CompanySeed, today: Date): Job {
  const [title = "", type = "", salary = "", daysAgo = "", place = ""] = line
    .split("|")
    .map((part) => part.trim());
  const posted = new Date(today.getTime() - Number(daysAgo || 5) * 86_400_000);
  return {
    id,
    slug: `${slugify(title)}-${id}`,
    title,
    city: place === "" || place === "remote" ? seed.city : place,
    remote: place === "remote",
    type: TYPES[type] ?? "FULL_TIME",
    salary: readSalary(salary, seed.country),
    postedOn: posted.toISOString().slice(0, 10),
    department: seed.trade,
  };
}

function readSalary(text: string, country: Country): Job["salary"] {
  const match = /^([\d.]+)-([\d.]+)\/(month|hour|year)$/.exec(text);
  if (match === null) return null;
  const period = match[3] === "hour" ? "HOUR" : match[3] === "year" ? "YEAR" : "MONTH";
  return {
    min: Number(match[1]),
    max: Number(match[2]),
    currency: country === "GB" ? "GBP" : "EUR",
    period,
  };
}

/** "Ingenieurbüro Groß & Söhne" → "ingenieurbuero-gross-soehne". */
export function slugify(text: string): string {
  const spelt = text
    .toLowerCase()
    .replace(/ä/g, "ae")
    .replace(/ö/g, "oe")
    .replace(/ü/g, "ue")
    .replace(/ß/g, "ss");
  return spelt
    .normalize("NFKD")
    .replace(/[\u0300-\u036f'’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** All numbers lie in ranges that are reserved for fiction or not assigned. */
export function toE164(written: string, country: Country): string {
  const number = parsePhoneNumberFromString(written, country);
  if (number === undefined || !number.isValid()) throw new Error(`not a phone number: ${written}`);
  return number.number;
}

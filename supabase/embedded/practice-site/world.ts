import { dutchCompanies } from "./companies/dutch.ts";
import { germanCompanies } from "./companies/german.ts";
import { otherCompanies } from "./companies/others.ts";
import { buildCompany, type CareersStyle, type Company, slugify, toE164 } from "./company.ts";
import { ownStyle } from "./pages/careers.ts";
import { WORDS } from "./pages/words.ts";

/** A regional job site: its feed and its files carry openings of several companies. */
export const JOB_SITE = { slug: "lokalebanen", name: "LokaleBanen" } as const;

/** Companies whose openings the job site's feed repeats. */
const REPEATED = [
  "bakkerij-de-korenaar",
  "installatiebedrijf-van-loon",
  "tiefbau-wernicke",
  "harbour-joinery",
];

/** Hosts where something is wrong for good. */
export const OBSTACLES = {
  leeg: { outcome: "zero", note: "a careers page without any opening" },
  inloggen: { outcome: "failed", note: "a page behind a login" },
  verdwenen: { outcome: "unknown", note: "a page that does not exist (404)" },
  rondje: { outcome: "failed", note: "a redirect that leads back to itself" },
  robots: { outcome: "failed", note: "robots.txt forbids reading" },
} as const;

export type SourceOutcome = "found" | "zero" | "unknown" | "failed";

/** One source as a user pastes it. */
export interface PracticeSource {
  id: string;
  input: string;
  kind: string;
  outcome: SourceOutcome;
  note: string;
  /** Keys of the postings that it names. */
  postings: string[];
  /** Names of the companies that it lists, for a list of companies. */
  companies: string[];
}

/** A posting as the site publishes it, whatever number of sources name it. */
export interface PracticePosting {
  key: string;
  company: string;
  domain: string;
  title: string;
  city: string;
  country: string;
  remote: boolean;
  sources: string[];
}

/** What a company's own pages say about it. */
export interface PracticeCompany {
  name: string;
  domain: string;
  website: string;
  emails: string[];
  /** E.164. */
  phones: string[];
  faxes: string[];
  address: { street: string; postalCode: string; city: string; country: string } | null;
  socials: string[];
  people: { name: string; role: string; email: string | null }[];
}

/** Everything that there is to find, for tests to compare with. */
export interface Truth {
  companies: PracticeCompany[];
  postings: PracticePosting[];
  sources: PracticeSource[];
  /** Values that stand on the pages and belong to somebody else, or to nobody. */
  decoys: string[];
}

const BOARDS: Partial<Record<CareersStyle, (slug: string) => string>> = {
  greenhouse: (slug) => `https://boards.greenhouse.io/${slug}`,
  lever: (slug) => `https://jobs.lever.co/${slug}`,
  ashby: (slug) => `https://jobs.ashbyhq.com/${slug}`,
  recruitee: (slug) => `https://${slug}.recruitee.com`,
  personio: (slug) => `https://${slug}.jobs.personio.de`,
  smartrecruiters: (slug) => `https://careers.smartrecruiters.com/${slug}`,
  workable: (slug) => `https://apply.workable.com/${slug}`,
};

/** All companies, with dates that count back from `today`. */
export function buildWorld(today: Date): Company[] {
  return [...dutchCompanies, ...germanCompanies, ...otherCompanies].map((seed, index) =>
    buildCompany(seed, index + 1, today),
  );
}

export function isRepeated(company: Company): boolean {
  return REPEATED.includes(company.slug);
}

/** What a user can find in this world; `site` gives the base address of a host's site. */
export function describeWorld(companies: Company[], site: (slug: string) => string): Truth {
  const sources = [
    ...companies.flatMap((company) => companySources(company, site)),
    ...jobSiteSources(companies, site),
    ...obstacleSources(site),
  ];
  const postings = companies.flatMap((company) =>
    company.jobs.map((job): PracticePosting => {
      const key = keyOf(company, job.title);
      const named = sources.filter((source) => source.postings.includes(key)).map(({ id }) => id);
      return {
        key,
        company: company.name,
        domain: company.domain,
        title: job.title,
        city: job.city,
        country: company.country,
        remote: job.remote,
        sources: named,
      };
    }),
  );
  const decoys = [
    "studio@pixelfabriek.example",
    "datenschutz@kanzlei-muster.example",
    "+493023125999",
    "naam@voorbeeld.nl",
    "max.mustermann@beispiel.de",
    "name@example.com",
    "nom@exemple.com",
  ];
  return {
    companies: companies.map((company) => contactsOf(company, site)),
    postings,
    sources,
    decoys,
  };
}

function keyOf(company: Company, title: string): string {
  return `${company.slug}/${slugify(title)}`;
}

function companySources(company: Company, site: (slug: string) => string): PracticeSource[] {
  const postings = company.jobs.map((job) => keyOf(company, job.title));
  const source = (id: string, kind: string, input: string): PracticeSource => ({
    id: `${company.slug}:${id}`,
    input,
    kind,
    outcome: "found",
    note: company.trouble ?? "",
    postings,
    companies: [],
  });
  const board = BOARDS[company.careers];
  const found: PracticeSource[] = [];
  if (board !== undefined)
    found.push(source(company.careers, company.careers, board(company.slug)));
  if (["rss", "atom", "xml"].includes(company.careers))
    found.push(source("feed", "feed", `${site(company.slug)}/feed.xml`));
  const pages: CareersStyle[] = [
    "inline_json_ld",
    "graph_details",
    "paged_details",
    "microdata",
    "microdata_details",
    "sitemap",
  ];
  if (pages.includes(ownStyle(company)))
    found.push(
      source(
        "careers",
        "careers_page",
        `${site(company.slug)}/${WORDS[company.language].paths.careers}`,
      ),
    );
  return found;
}

function jobSiteSources(companies: Company[], site: (slug: string) => string): PracticeSource[] {
  const keys = (chosen: Company[]): string[] =>
    chosen.flatMap((company) => company.jobs.map((job) => keyOf(company, job.title)));
  const base = site(JOB_SITE.slug);
  return [
    {
      id: "lokalebanen:feed",
      input: `${base}/feed.xml`,
      kind: "feed",
      outcome: "found",
      note: "repeats openings of four companies",
      postings: keys(companies.filter(isRepeated)),
      companies: [],
    },
    {
      id: "lokalebanen:jobs",
      input: `${base}/vacatures.csv`,
      kind: "csv",
      outcome: "found",
      note: "a file of openings",
      postings: keys(companies.filter(({ careers }) => careers === "csv")),
      companies: [],
    },
    {
      id: "lokalebanen:companies",
      input: `${base}/bedrijven.csv`,
      kind: "csv",
      outcome: "found",
      note: "a file of companies",
      postings: [],
      companies: companies.filter(isRepeated).map(({ name }) => name),
    },
  ];
}

function obstacleSources(site: (slug: string) => string): PracticeSource[] {
  const pages = Object.entries(OBSTACLES).map(
    ([slug, { outcome, note }]): PracticeSource => ({
      id: `obstacle:${slug}`,
      input: `${site(slug)}/vacatures`,
      kind: "careers_page",
      outcome,
      note,
      postings: [],
      companies: [],
    }),
  );
  return [
    ...pages,
    {
      id: "obstacle:empty-board",
      input: "https://boards.greenhouse.io/leeg-bord",
      kind: "greenhouse",
      outcome: "zero",
      note: "a board without openings",
      postings: [],
      companies: [],
    },
    {
      id: "obstacle:unknown-board",
      input: "https://jobs.lever.co/bestaat-niet",
      kind: "lever",
      outcome: "unknown",
      note: "a board that does not exist",
      postings: [],
      companies: [],
    },
  ];
}

function contactsOf(company: Company, site: (slug: string) => string): PracticeCompany {
  const shown = company.contact !== "form_only";
  const team = company.people.map(({ email }) => email).filter((email) => email !== null);
  return {
    name: company.name,
    domain: company.domain,
    website: `${site(company.slug)}/`,
    emails: [...new Set([...(shown ? company.emails : []), ...team])],
    phones: shown ? company.phones.map(({ e164 }) => e164) : [],
    faxes: faxesOf(company),
    address: shown
      ? {
          street: company.street,
          postalCode: company.code,
          city: company.city,
          country: company.country,
        }
      : null,
    socials: company.socials ?? [],
    people: company.people,
  };
}

function faxesOf(company: Company): string[] {
  return company.fax === undefined || company.contact !== "imprint"
    ? []
    : [toE164(company.fax, company.country)];
}

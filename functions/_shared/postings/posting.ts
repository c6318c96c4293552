import * as z from "zod/mini";

/** How the work is done; null when the source does not say. */
export const workplaces = ["remote", "hybrid", "onsite"] as const;
export const employmentTypes = [
  "full_time",
  "part_time",
  "contract",
  "temporary",
  "internship",
  "apprenticeship",
  "volunteer",
  "other",
] as const;
export const salaryPeriods = ["hour", "day", "week", "month", "year"] as const;

export type Workplace = (typeof workplaces)[number];
export type EmploymentType = (typeof employmentTypes)[number];
export type SalaryPeriod = (typeof salaryPeriods)[number];

const text = (max: number) => z.nullable(z.string().check(z.minLength(1), z.maxLength(max)));

/**
 * One job posting as every source hands it over: normalised, sanitised, and with an explicit null
 * for whatever the source does not say. Lengths are in characters and fit the database's checks.
 */
export const postingSchema = z.object({
  /** The source's own id of the posting. */
  externalId: text(200),
  /** Canonical address of the posting's page, tracking parameters removed. */
  url: text(480),
  applyUrl: text(480),
  title: z.string().check(z.minLength(1), z.maxLength(200)),
  company: z.object({
    name: text(200),
    /** Registrable domain ("acme.co.uk"), never that of a job board or a social network. */
    domain: text(253),
    url: text(480),
    logoUrl: text(480),
  }),
  location: z.object({
    /** As the source writes it, or composed of its parts. */
    raw: text(160),
    city: text(80),
    region: text(80),
    /** ISO 3166-1 alpha-2. */
    country: z.nullable(z.string().check(z.regex(/^[A-Z]{2}$/))),
    workplace: z.nullable(z.enum(workplaces)),
  }),
  employmentType: z.nullable(z.enum(employmentTypes)),
  department: text(100),
  salary: z.nullable(
    z.object({
      min: z.nullable(z.number()),
      max: z.nullable(z.number()),
      /** ISO 4217. */
      currency: z.nullable(z.string().check(z.regex(/^[A-Z]{3}$/))),
      period: z.nullable(z.enum(salaryPeriods)),
    }),
  ),
  /** ISO 8601 in UTC. */
  postedAt: z.nullable(z.string()),
  validThrough: z.nullable(z.string()),
  /** Sanitised: safe to render. */
  descriptionHtml: z.string(),
  descriptionText: z.string(),
  /** The same posting from two sources has the same key; see dedupe-key.ts. */
  dedupeKey: z.string().check(z.minLength(1), z.maxLength(80)),
});

export type Posting = z.infer<typeof postingSchema>;
export type Salary = NonNullable<Posting["salary"]>;
export type PostingLocation = Posting["location"];
export type PostingCompany = Posting["company"];

import type { Company, EmploymentType, Job } from "../company.ts";
import { describe, jobPath } from "./careers.ts";
import { escapeMarkup } from "./html.ts";
import { COUNTRY_NAMES } from "./words.ts";

/** Answers in the shapes of the job boards' public APIs, of whom only the fields that matter are filled. */

const place = (company: Company, job: Job): string =>
  `${job.city}, ${COUNTRY_NAMES[company.country]}`;

export function greenhouse(company: Company, base: string): unknown {
  const jobs = company.jobs.map((job) => ({
    id: 4_000_000 + job.id,
    internal_job_id: 3_000_000 + job.id,
    title: job.title,
    updated_at: `${job.postedOn}T09:00:00-04:00`,
    first_published: `${job.postedOn}T09:00:00-04:00`,
    company_name: company.name,
    location: { name: place(company, job) },
    absolute_url: `${base}${jobPath(company, job)}?gh_jid=${4_000_000 + job.id}`,
    // The API answers HTML escaped as entities.
    content: escapeMarkup(describe(company, job, base)),
    departments: [{ id: 1, name: job.department }],
    offices: [{ id: 1, name: job.city, location: place(company, job) }],
  }));
  // A prospect post, as every careful client leaves out: it is no opening.
  const prospect = {
    ...jobs[0],
    id: 4_900_000,
    internal_job_id: null,
    title: "General application",
  };
  const all = jobs.length === 0 ? [] : [...jobs, prospect];
  return { jobs: all, meta: { total: all.length } };
}

export function lever(company: Company, base: string, skip: number, limit: number): unknown {
  const commitment: Record<EmploymentType, string> = {
    FULL_TIME: "Full-time",
    PART_TIME: "Part-time",
    TEMPORARY: "Temporary",
    INTERN: "Internship",
    CONTRACTOR: "Contract",
  };
  return company.jobs.slice(skip, skip + limit).map((job) => ({
    id: `00000000-0000-4000-8000-${String(job.id).padStart(12, "0")}`,
    text: job.title,
    categories: {
      location: place(company, job),
      commitment: commitment[job.type],
      department: job.department,
      allLocations: [place(company, job)],
    },
    country: company.country,
    workplaceType: job.remote ? "remote" : "on-site",
    createdAt: Date.parse(`${job.postedOn}T08:00:00Z`),
    description: describe(company, job, base),
    descriptionPlain: company.about,
    hostedUrl: `https://jobs.lever.co/${company.slug}/${job.id}`,
    applyUrl: `https://jobs.lever.co/${company.slug}/${job.id}/apply`,
    ...(job.salary === null
      ? {}
      : {
          salaryRange: {
            min: job.salary.min,
            max: job.salary.max,
            currency: job.salary.currency,
            interval: `per-${job.salary.period.toLowerCase()}-salary`,
          },
        }),
  }));
}

export function ashby(company: Company, base: string): unknown {
  const type: Record<EmploymentType, string> = {
    FULL_TIME: "FullTime",
    PART_TIME: "PartTime",
    TEMPORARY: "Temporary",
    INTERN: "Intern",
    CONTRACTOR: "Contract",
  };
  const jobs = company.jobs.map((job) => ({
    id: `10000000-0000-4000-8000-${String(job.id).padStart(12, "0")}`,
    title: job.title,
    department: job.department,
    team: job.department,
    employmentType: type[job.type],
    location: place(company, job),
    isRemote: job.remote,
    workplaceType: job.remote ? "Remote" : "OnSite",
    isListed: true,
    publishedAt: `${job.postedOn}T08:00:00.000+00:00`,
    address: {
      postalAddress: { addressLocality: job.city, addressCountry: COUNTRY_NAMES[company.country] },
    },
    jobUrl: `https://jobs.ashbyhq.com/${company.slug}/${job.id}`,
    applyUrl: `https://jobs.ashbyhq.com/${company.slug}/${job.id}/application`,
    descriptionHtml: describe(company, job, base),
    descriptionPlain: company.about,
  }));
  return {
    apiVersion: "1",
    jobs:
      jobs.length === 0
        ? []
        : [...jobs, { ...jobs[0], id: "unlisted", title: "Unlisted role", isListed: false }],
  };
}

export function recruitee(company: Company, base: string): unknown {
  const type: Record<EmploymentType, string> = {
    FULL_TIME: "fulltime_permanent",
    PART_TIME: "parttime_permanent",
    TEMPORARY: "fulltime_fixed_term",
    INTERN: "internship",
    CONTRACTOR: "freelance",
  };
  return {
    offers: company.jobs.map((job) => ({
      id: 700_000 + job.id,
      slug: job.slug,
      title: job.title,
      department: job.department,
      company_name: company.name,
      city: job.city,
      country_code: company.country,
      country: COUNTRY_NAMES[company.country],
      location: place(company, job),
      remote: job.remote,
      employment_type_code: type[job.type],
      salary:
        job.salary === null ? null : { ...job.salary, period: job.salary.period.toLowerCase() },
      published_at: `${job.postedOn} 08:00:00 UTC`,
      status: "published",
      careers_url: `${base}/o/${job.slug}`,
      careers_apply_url: `${base}/o/${job.slug}/c/new`,
      description: describe(company, job, base),
      requirements: "",
    })),
  };
}

export function personio(company: Company, base: string): string {
  const schedule = (job: Job): string => (job.type === "PART_TIME" ? "part-time" : "full-time");
  const kind: Record<EmploymentType, string> = {
    FULL_TIME: "permanent",
    PART_TIME: "permanent",
    TEMPORARY: "temporary",
    INTERN: "intern",
    CONTRACTOR: "freelance",
  };
  const positions = company.jobs.map(
    (
      job,
    ) => `<position><id>${job.id}</id><subcompany>${escapeMarkup(company.name)}</subcompany><office>${escapeMarkup(job.city)}</office><department>${escapeMarkup(job.department)}</department>
<name>${escapeMarkup(job.title)}</name><jobDescriptions><jobDescription><name>${escapeMarkup(company.trade)}</name><value><![CDATA[${describe(company, job, base)}]]></value></jobDescription></jobDescriptions>
<employmentType>${kind[job.type]}</employmentType><seniority>experienced</seniority><schedule>${schedule(job)}</schedule><createdAt>${job.postedOn}T08:00:00+00:00</createdAt></position>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<workzag-jobs>${positions.join("\n")}</workzag-jobs>`;
}

export function smartRecruiters(
  company: Company,
  base: string,
  offset: number,
  limit: number,
): unknown {
  const content = company.jobs
    .slice(offset, offset + limit)
    .map((job) => smartRecruitersPosting(company, base, job));
  return { offset, limit, totalFound: company.jobs.length, content };
}

export function smartRecruitersPosting(
  company: Company,
  base: string,
  job: Job,
  text = false,
): Record<string, unknown> {
  return {
    id: String(740_000_000 + job.id),
    uuid: `20000000-0000-4000-8000-${String(job.id).padStart(12, "0")}`,
    name: job.title,
    releasedDate: `${job.postedOn}T08:00:00.000Z`,
    company: { name: company.name, identifier: company.slug },
    location: {
      city: job.city,
      country: company.country.toLowerCase(),
      remote: job.remote,
      fullLocation: place(company, job),
    },
    department: { label: job.department },
    typeOfEmployment: {
      id: job.type === "PART_TIME" ? "part-time" : "permanent",
      label: job.type === "PART_TIME" ? "Part-time" : "Full-time",
    },
    ...(text
      ? {
          jobAd: {
            sections: { jobDescription: { title: job.title, text: describe(company, job, base) } },
          },
        }
      : {}),
  };
}

export function workable(company: Company, base: string): unknown {
  return {
    name: company.name,
    description: company.about,
    jobs: company.jobs.map((job) => ({
      title: job.title,
      shortcode: `PS${job.id}`,
      code: String(job.id),
      employment_type: job.type === "PART_TIME" ? "Part-time" : "Full-time",
      telecommuting: job.remote,
      department: job.department,
      url: `https://apply.workable.com/j/PS${job.id}`,
      shortlink: `https://apply.workable.com/j/PS${job.id}`,
      application_url: `https://apply.workable.com/j/PS${job.id}/apply`,
      published_on: job.postedOn,
      created_at: job.postedOn,
      country: COUNTRY_NAMES[company.country],
      city: job.city,
      state: "",
      description: describe(company, job, base),
    })),
  };
}

import type { Company, Job } from "../company.ts";
import { describe, jobPath } from "./careers.ts";
import { escapeMarkup } from "./html.ts";

/** One opening with its company and the base address of the company's site. */
export interface Opening {
  company: Company;
  job: Job;
  base: string;
}

export function rss(openings: Opening[], title: string, link: string): string {
  const items = openings.map(
    ({
      company,
      job,
      base,
    }) => `<item><title>${escapeMarkup(job.title)}</title><link>${base}${jobPath(company, job)}</link><guid isPermaLink="false">${job.id}</guid>
<pubDate>${new Date(`${job.postedOn}T08:00:00Z`).toUTCString()}</pubDate><job:company>${escapeMarkup(company.name)}</job:company><job:location>${escapeMarkup(`${job.city}, ${company.country}`)}</job:location>
<description><![CDATA[${describe(company, job)}]]></description></item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:job="https://example.com/ns/job"><channel><title>${escapeMarkup(title)}</title><link>${link}</link><description>${escapeMarkup(title)}</description>
${items.join("\n")}
</channel></rss>`;
}

export function atom(openings: Opening[], title: string, link: string): string {
  const entries = openings.map(
    ({
      company,
      job,
      base,
    }) => `<entry><title>${escapeMarkup(job.title)}</title><link rel="alternate" href="${base}${jobPath(company, job)}"/><id>urn:job:${job.id}</id>
<published>${job.postedOn}T08:00:00Z</published><updated>${job.postedOn}T08:00:00Z</updated><job:company>${escapeMarkup(company.name)}</job:company><job:location>${escapeMarkup(`${job.city}, ${company.country}`)}</job:location>
<content type="html">${escapeMarkup(describe(company, job))}</content></entry>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:job="https://example.com/ns/job"><title>${escapeMarkup(title)}</title><link rel="alternate" href="${link}"/><id>${link}</id>
${entries.join("\n")}
</feed>`;
}

/** The export format of job sites ("Indeed XML"). */
export function jobsXml(openings: Opening[], publisher: string, link: string): string {
  const cdata = (text: string): string => `<![CDATA[${text}]]>`;
  const jobs = openings.map(
    ({
      company,
      job,
      base,
    }) => `<job><title>${cdata(job.title)}</title><date>${cdata(new Date(`${job.postedOn}T08:00:00Z`).toUTCString())}</date><referencenumber>${cdata(String(job.id))}</referencenumber>
<url>${cdata(`${base}${jobPath(company, job)}`)}</url><company>${cdata(company.name)}</company><city>${cdata(job.city)}</city><country>${cdata(company.country)}</country><description>${cdata(describe(company, job))}</description></job>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<source><publisher>${escapeMarkup(publisher)}</publisher><publisherurl>${link}</publisherurl>
${jobs.join("\n")}
</source>`;
}

/** Openings of several companies as a spreadsheet saves them: semicolons, a BOM, CRLF, a quoted line break. */
export function jobsCsv(openings: Opening[]): string {
  const header = [
    "title",
    "company",
    "city",
    "country",
    "url",
    "date_posted",
    "employment_type",
    "company_website",
    "description",
  ];
  const rows = openings.map(({ company, job, base }) => [
    job.title,
    company.name,
    job.city,
    company.country,
    `${base}${jobPath(company, job)}`,
    job.postedOn,
    job.type,
    `${base}/`,
    `${company.about}\n${job.title}`,
  ]);
  return `\uFEFF${[header, ...rows].map((row) => row.map(quote).join(";")).join("\r\n")}\r\n`;
}

/** A lead list: companies with their careers pages. */
export function companiesCsv(
  rows: { company: Company; base: string; careersUrl: string }[],
): string {
  const lines = rows.map(({ company, base, careersUrl }) => [
    company.name,
    `${base}/`,
    careersUrl,
    company.city,
    company.country,
  ]);
  return `${[["company", "website", "careers_url", "city", "country"], ...lines].map((row) => row.map(quote).join(",")).join("\n")}\n`;
}

function quote(cell: string): string {
  return /[";,\r\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
}

export function sitemap(urls: string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.map((url) => `<url><loc>${escapeMarkup(url)}</loc></url>`).join("")}</urlset>`;
}

import type { CareersStyle, Company, Job } from "../company.ts";
import type { PageParts } from "./html.ts";
import { html, jsonLd, Markup, nothing } from "./html.ts";
import { COUNTRY_NAMES, WORDS } from "./words.ts";

/** Openings a page of a paged listing shows. */
export const PAGE_SIZE = 3;

/** The styles in which this company's own pages carry structured data. */
export function ownStyle(company: Company): CareersStyle {
  return company.also ?? company.careers;
}

export function jobPath(company: Company, job: Job): string {
  return `/${WORDS[company.language].paths.careers}/${job.slug}`;
}

/** The careers page; `page` counts from 1 and only paged listings look at it. */
export function careersPage(company: Company, base: string, page: number): PageParts {
  const words = WORDS[company.language];
  const style = ownStyle(company);
  const title = words.careers;
  const heading = html`<h1>${title}</h1><p>${words.intro}</p>`;
  switch (style) {
    case "inline_json_ld":
      return {
        title,
        head: jsonLd(company.jobs.map((job) => jobPosting(company, job, base))),
        body: html`${heading}${company.jobs.map((job) => teaser(company, job, base, false))}`,
      };
    case "microdata":
      return {
        title,
        body: html`${heading}${company.jobs.map((job) => microdata(company, job, base))}`,
      };
    case "paged_details": {
      const shown = company.jobs.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
      const more = page * PAGE_SIZE < company.jobs.length;
      const next = html`<p><a rel="next" href="${base}/${words.paths.careers}?page=${page + 1}">${words.next}</a></p>`;
      return {
        title,
        body: html`${heading}${shown.map((job) => teaser(company, job, base, true))}${more ? next : nothing}`,
      };
    }
    case "graph_details":
    case "microdata_details":
      return {
        title,
        body: html`${heading}${company.jobs.map((job) => teaser(company, job, base, true))}`,
      };
    case "sitemap":
      // The list is drawn by a script; only the sitemap names the openings.
      return { title, body: html`${heading}<div id="jobs" data-source="/api/jobs"></div>` };
    default:
      return {
        title,
        body: html`${heading}${company.jobs.map((job) => teaser(company, job, base, false))}`,
      };
  }
}

/** The page of one opening. */
export function jobPage(company: Company, job: Job, base: string): PageParts {
  const words = WORDS[company.language];
  const share = html`<p>${words.share}: <a href="https://www.facebook.com/sharer/sharer.php?u=${base}${jobPath(company, job)}">Facebook</a> <a href="https://www.linkedin.com/shareArticle?url=${base}">LinkedIn</a></p>`;
  if (ownStyle(company) === "microdata_details")
    return { title: job.title, body: html`${microdata(company, job, base)}${share}` };
  const posting = jobPosting(company, job, base);
  const data =
    ownStyle(company) === "graph_details"
      ? {
          "@context": "https://schema.org",
          "@graph": [
            { "@type": "WebPage", name: job.title },
            { ...posting, "@context": undefined },
          ],
        }
      : posting;
  const structured = ["graph_details", "paged_details", "sitemap"].includes(ownStyle(company));
  return {
    title: job.title,
    head: structured ? jsonLd(data) : nothing,
    body: html`<article class="job"><h1>${job.title}</h1><p>${job.city}</p>${new Markup(describe(company, job))}<p><a class="button" href="#">${words.apply}</a></p></article>${share}`,
  };
}

function teaser(company: Company, job: Job, base: string, linked: boolean): Markup {
  const name = linked
    ? html`<a href="${base}${jobPath(company, job)}">${job.title}</a>`
    : html`${job.title}`;
  return html`<article class="job"><h2>${name}</h2><p>${job.city}</p></article>`;
}

function microdata(company: Company, job: Job, base: string): Markup {
  const salary =
    job.salary === null
      ? nothing
      : html`<span itemprop="baseSalary" itemscope itemtype="https://schema.org/MonetaryAmount"><meta itemprop="currency" content="${job.salary.currency}"><span itemprop="value" itemscope itemtype="https://schema.org/QuantitativeValue"><meta itemprop="minValue" content="${job.salary.min}"><meta itemprop="maxValue" content="${job.salary.max}"><meta itemprop="unitText" content="${job.salary.period}"></span></span>`;
  return html`<article class="job" itemscope itemtype="https://schema.org/JobPosting"><h2 itemprop="title">${job.title}</h2>
<meta itemprop="datePosted" content="${job.postedOn}"><meta itemprop="employmentType" content="${job.type}"><link itemprop="url" href="${base}${jobPath(company, job)}">
<span itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization"><meta itemprop="name" content="${company.name}"><link itemprop="sameAs" href="${base}/"></span>
<span itemprop="jobLocation" itemscope itemtype="https://schema.org/Place"><span itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><span itemprop="addressLocality">${job.city}</span><meta itemprop="addressCountry" content="${company.country}"></span></span>${salary}
<div itemprop="description">${new Markup(describe(company, job))}</div></article>`;
}

/** A posting in schema.org's words. */
export function jobPosting(company: Company, job: Job, base: string): Record<string, unknown> {
  return {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    title: job.title,
    identifier: { "@type": "PropertyValue", name: company.name, value: String(job.id) },
    url: `${base}${jobPath(company, job)}`,
    datePosted: job.postedOn,
    employmentType: job.type,
    hiringOrganization: { "@type": "Organization", name: company.name, sameAs: `${base}/` },
    jobLocation: {
      "@type": "Place",
      address: {
        "@type": "PostalAddress",
        addressLocality: job.city,
        addressCountry: company.country,
      },
    },
    ...(job.remote ? { jobLocationType: "TELECOMMUTE" } : {}),
    ...(job.salary === null
      ? {}
      : {
          baseSalary: {
            "@type": "MonetaryAmount",
            currency: job.salary.currency,
            value: {
              "@type": "QuantitativeValue",
              minValue: job.salary.min,
              maxValue: job.salary.max,
              unitText: job.salary.period,
            },
          },
        }),
    description: describe(company, job),
  };
}

/** The text of an opening, as HTML. */
/** The text of a posting; boards, which live elsewhere, link the company's site in it. */
export function describe(company: Company, job: Job, site?: string): string {
  const words = WORDS[company.language];
  return html`<p>${words.intro}</p><h3>${job.title}</h3><ul>${words.tasks.map((task) => html`<li>${task}</li>`)}</ul><p>${site === undefined ? company.name : html`<a href="${site}/">${company.name}</a>`}, ${job.city}, ${COUNTRY_NAMES[company.country]}</p>`
    .text;
}

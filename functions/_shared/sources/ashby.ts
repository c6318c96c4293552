import { buildPosting } from "../postings/build-posting.ts";
import { parseSalaryText, readSalary } from "../postings/salary.ts";
import { type Board, boardSource } from "./board.ts";
import { type BoardPage, entriesOf, type ParseContext, wholePage } from "./board-page.ts";
import { pathSegment } from "./endpoints.ts";
import { at, type Fields, fields, list, text } from "./json.ts";

/** Ashby's public posting API (developers.ashbyhq.com): one answer, unlisted postings marked. */
export function parseAshby(body: Uint8Array, from: ParseContext): BoardPage {
  return wholePage(entriesOf(body, "jobs", "data.jobBoard.jobPostings"), (job) =>
    job.isListed === false ? null : toPosting(job, from),
  );
}

function toPosting(job: Fields, from: ParseContext) {
  const address = fields(at(job.address, "postalAddress")) ?? {};
  const others = list(job.secondaryLocations).map(
    (place) => text(at(place, "location")) ?? text(place),
  );
  const places = [text(job.location) ?? text(job.locationName), ...others].filter(
    (place) => place !== null,
  );
  return buildPosting(
    {
      externalId: job.id,
      url: job.jobUrl,
      applyUrl: job.applyUrl,
      title: job.title,
      location: {
        raw: [...new Set(places)].join("; ") || null,
        city: address.addressLocality,
        region: address.addressRegion,
        country: address.addressCountry,
        workplace: job.workplaceType,
        remote: job.isRemote,
      },
      employmentType: job.employmentType,
      department: text(job.department) ?? job.team,
      salary: salaryOf(job.compensation),
      postedAt: job.publishedAt ?? job.updatedAt,
      description: text(job.descriptionHtml) ?? job.descriptionPlain,
    },
    { base: from.url },
  );
}

function salaryOf(compensation: unknown) {
  const component = list(at(compensation, "summaryComponents"))
    .map(fields)
    .find((part) => part?.compensationType === "Salary");
  if (component) {
    const salary = readSalary({
      min: component.minValue,
      max: component.maxValue,
      currency: component.currencyCode,
      period: component.interval,
    });
    if (salary !== null) return salary;
  }
  return parseSalaryText(
    at(compensation, "scrapeableCompensationSalarySummary") ??
      at(compensation, "compensationTierSummary"),
  );
}

export const ashbyBoard: Board = {
  kind: "ashby",
  vendor: "Ashby",
  pageSize: null,
  find(url) {
    const path =
      url.hostname === "jobs.ashbyhq.com"
        ? /^\/([^/]+)/
        : url.hostname === "api.ashbyhq.com"
          ? /^\/posting-api\/job-board\/([^/]+)/
          : null;
    const token = path?.exec(url.pathname)?.[1];
    return token === undefined ? null : { token };
  },
  listUrl: (endpoints, ref) =>
    `${endpoints.ashby}/posting-api/job-board/${pathSegment(ref.target)}?includeCompensation=true`,
  parse: parseAshby,
};

export const ashby = boardSource(ashbyBoard);

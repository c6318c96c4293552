import { buildPosting } from "../postings/build-posting.ts";
import {
  type Board,
  type BoardPage,
  boardSource,
  NotThisBoard,
  type ParseContext,
} from "./board.ts";
import { type Fields, fields, list, parseJson, text } from "./json.ts";

/**
 * Workable's widget API; the careers site's own v3 answers `{total, results}` with the same facts
 * under other names and without addresses, which are built from the shortcode.
 */
export function parseWorkable(body: Uint8Array, from: ParseContext): BoardPage {
  const value = fields(parseJson(new TextDecoder().decode(body)));
  const jobs = value?.jobs ?? value?.results;
  if (value === null || !Array.isArray(jobs)) throw new NotThisBoard();
  const postings = jobs
    .map(fields)
    .map((job) => (job === null || !isPublic(job) ? null : toPosting(job, value.name, from)))
    .filter((posting) => posting !== null);
  return { postings, skipped: jobs.length - postings.length, total: null, entries: jobs.length };
}

function isPublic(job: Fields): boolean {
  return job.isInternal !== true;
}

function toPosting(job: Fields, companyName: unknown, from: ParseContext) {
  const place = fields(job.location) ?? fields(list(job.locations)[0]) ?? {};
  // In v3 `state` is the posting's ("published"), not the place's.
  const isV3 = job.url === undefined && fields(job.location) !== null;
  const shortcode = text(job.shortcode);
  const address = shortcode === null ? null : `https://apply.workable.com/j/${shortcode}`;
  return buildPosting(
    {
      externalId: shortcode ?? job.id ?? job.code,
      url: text(job.url) ?? text(job.shortlink) ?? address,
      applyUrl: job.application_url,
      title: job.title,
      company: { name: companyName },
      location: {
        city: text(job.city) ?? place.city,
        region: (isV3 ? null : text(job.state)) ?? place.region,
        country: text(job.country) ?? text(place.countryCode) ?? place.country,
        raw: composed(job, place, isV3),
        workplace: text(job.workplace) ?? job.workplace_type,
        remote: job.telecommuting ?? job.remote,
      },
      employmentType: text(job.employment_type) ?? job.type,
      department: text(job.department) ?? list(job.department)[0],
      postedAt: job.published_on ?? job.published ?? job.created_at,
      description: [job.description, job.requirements, job.benefits]
        .map(text)
        .filter((part) => part !== null)
        .join("\n"),
    },
    { base: from.url },
  );
}

function composed(job: Fields, place: Fields, isV3: boolean): string | null {
  const city = text(job.city) ?? text(place.city);
  const region = (isV3 ? null : text(job.state)) ?? text(place.region);
  const country = text(job.country) ?? text(place.country);
  return [city, region === city ? null : region, country].filter(Boolean).join(", ") || null;
}

export const workableBoard: Board = {
  kind: "workable",
  vendor: "Workable",
  pageSize: null,
  find(url) {
    if (url.hostname === "apply.workable.com") {
      const token =
        /^\/api\/v\d\/(?:widget\/)?accounts\/([^/]+)/.exec(url.pathname)?.[1] ??
        /^\/(?!j\/|api\/)([^/]+)/.exec(url.pathname)?.[1];
      return token === undefined ? null : { token };
    }
    const token = /^([\w-]+)\.workable\.com$/.exec(url.hostname)?.[1];
    return token === undefined || /^(www|help|resources|jobs|apply|app|careers|get)$/.test(token)
      ? null
      : { token };
  },
  listUrl: (endpoints, ref) =>
    `${endpoints.workable}/api/v1/widget/accounts/${ref.target}?details=true`,
  parse: parseWorkable,
};

export const workable = boardSource(workableBoard);

import { buildPosting } from "../postings/build-posting.ts";
import { type Board, boardSource } from "./board.ts";
import { type BoardPage, entriesOf, type ParseContext, wholePage } from "./board-page.ts";
import { pathSegment } from "./endpoints.ts";
import { at, type Fields, fields, list, parseJson, text } from "./json.ts";

/**
 * Workable's widget API; the careers site's own v3 answers `{total, results}` with the same facts
 * under other names and without addresses, which are built from the shortcode.
 */
export function parseWorkable(body: Uint8Array, from: ParseContext): BoardPage {
  const account = at(parseJson(new TextDecoder().decode(body)), "name");
  return wholePage(entriesOf(body, "jobs", "results"), (job) =>
    isPublic(job) ? toPosting(job, account, from) : null,
  );
}

/** What `state` says of a posting, where it is not the place's. */
const states = /^(published|draft|closed|archived)$/;

function isPublic(job: Fields): boolean {
  return job.isInternal !== true && !/^(draft|closed|archived)$/.test(text(job.state) ?? "");
}

function toPosting(job: Fields, companyName: unknown, from: ParseContext) {
  const place = fields(job.location) ?? fields(list(job.locations)[0]) ?? {};
  const shortcode = text(job.shortcode);
  const address = shortcode === null ? null : `https://apply.workable.com/j/${shortcode}`;
  const state = text(job.state);
  const city = text(job.city) ?? text(place.city);
  const region = (state !== null && !states.test(state) ? state : null) ?? text(place.region);
  const country = text(job.country) ?? text(place.country);
  const composed = [city, region === city ? null : region, country].filter((part) => part !== null);
  return buildPosting(
    {
      externalId: shortcode ?? job.id ?? job.code,
      url: text(job.url) ?? text(job.shortlink) ?? address,
      applyUrl: job.application_url,
      title: job.title,
      company: { name: companyName },
      location: {
        raw: text(place.location_str) ?? composed.join(", "),
        city,
        region,
        country: country ?? text(place.countryCode) ?? place.country_code,
        workplace: text(job.workplace) ?? job.workplace_type ?? place.workplace_type,
        remote: job.telecommuting ?? job.remote ?? place.telecommuting,
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
    `${endpoints.workable}/api/v1/widget/accounts/${pathSegment(ref.target)}?details=true`,
  parse: parseWorkable,
};

export const workable = boardSource(workableBoard);

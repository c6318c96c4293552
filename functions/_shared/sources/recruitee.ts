import { buildPosting } from "../postings/build-posting.ts";
import { readSalary } from "../postings/salary.ts";
import {
  type Board,
  type BoardPage,
  boardSource,
  NotThisBoard,
  type ParseContext,
} from "./board.ts";
import { tenantEndpoint } from "./endpoints.ts";
import { at, type Fields, fields, parseJson, text } from "./json.ts";

/** Recruitee's careers site API (docs.recruitee.com/reference/offers): one answer per company site. */
export function parseRecruitee(body: Uint8Array, from: ParseContext): BoardPage {
  const offers = at(parseJson(new TextDecoder().decode(body)), "offers");
  if (!Array.isArray(offers)) throw new NotThisBoard();
  const postings = offers
    .map(fields)
    .map((offer) => (offer === null || !isPublished(offer) ? null : toPosting(offer, from)))
    .filter((posting) => posting !== null);
  return {
    postings,
    skipped: offers.length - postings.length,
    total: null,
    entries: offers.length,
  };
}

function isPublished(offer: Fields): boolean {
  return offer.status === undefined || offer.status === null || offer.status === "published";
}

function toPosting(offer: Fields, from: ParseContext) {
  const salary = fields(offer.salary) ?? {};
  return buildPosting(
    {
      externalId: offer.id ?? offer.guid ?? offer.slug,
      url: text(offer.careers_url) ?? (text(offer.slug) === null ? null : `/o/${offer.slug}`),
      applyUrl: offer.careers_apply_url,
      title: offer.title,
      company: { name: offer.company_name },
      location: {
        raw: text(offer.location) ?? composeLocation(offer),
        city: offer.city,
        region: text(offer.state_name) ?? offer.state_code,
        country: text(offer.country_code) ?? offer.country,
        // The flags are options: an offer may be open to both, and then remote is the news.
        workplace: offer.remote === true ? "remote" : offer.hybrid === true ? "hybrid" : null,
      },
      employmentType: offer.employment_type_code,
      department: offer.department,
      salary: readSalary({
        min: salary.min ?? offer.min_salary,
        max: salary.max ?? offer.max_salary,
        currency: salary.currency ?? offer.currency,
        period: salary.period ?? offer.salary_period,
      }),
      postedAt: offer.published_at ?? offer.created_at,
      validThrough: offer.close_at,
      description: [offer.description, offer.requirements].map(text).filter(Boolean).join("\n"),
    },
    { base: from.url },
  );
}

function composeLocation(offer: Fields): string | null {
  const parts = [offer.city, offer.state_name, offer.country].map(text);
  return parts.filter((part) => part !== null).join(", ") || null;
}

/** Recruitee's own sites, which are no company's board. */
const ownHosts = /^(www|app|api|docs|help|support|auth|blog|status|careers-?widget|cdn|jobs)\./;

export const recruiteeBoard: Board = {
  kind: "recruitee",
  vendor: "Recruitee",
  pageSize: null,
  find(url) {
    const token = /^([\w-]+)\.recruitee\.com$/.exec(url.hostname)?.[1];
    return token === undefined || ownHosts.test(url.hostname) ? null : { token };
  },
  listUrl: (endpoints, ref) => `${tenantEndpoint(endpoints.recruitee, ref.target)}/api/offers`,
  parse: parseRecruitee,
};

export const recruitee = boardSource(recruiteeBoard);

import { buildPosting } from "../postings/build-posting.ts";
import { readSalary } from "../postings/salary.ts";
import { type Board, boardSource } from "./board.ts";
import { type BoardPage, entriesOf, type ParseContext, wholePage } from "./board-page.ts";
import { tenantEndpoint } from "./endpoints.ts";
import { at, type Fields, fields, list, text } from "./json.ts";

/** Recruitee's careers site API (docs.recruitee.com/reference/offers): one answer per company site. */
export function parseRecruitee(body: Uint8Array, from: ParseContext): BoardPage {
  return wholePage(entriesOf(body, "offers"), (offer) =>
    isPublished(offer) ? toPosting(offer, from) : null,
  );
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
      title: text(offer.title) ?? translatedTitle(offer),
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

/** A site of several languages keeps the title in each. */
function translatedTitle(offer: Fields): string | null {
  const translations = fields(offer.translations) ?? {};
  const english = text(at(translations.en, "title"));
  return (
    english ??
    Object.values(translations)
      .map((one) => text(at(one, "title")))
      .find((title) => title !== null) ??
    null
  );
}

function composeLocation(offer: Fields): string | null {
  const parts = [offer.city, offer.state_name, offer.country].map(text);
  const named = list(offer.locations).map(
    (place) => text(at(place, "name")) ?? text(at(place, "city")),
  );
  return (
    parts.filter((part) => part !== null).join(", ") ||
    named.filter((name) => name !== null).join("; ") ||
    null
  );
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

import { buildPosting } from "../postings/build-posting.ts";
import { type Board, boardSource } from "./board.ts";
import { type BoardPage, entriesOf, type ParseContext, wholePage } from "./board-page.ts";
import { pathSegment } from "./endpoints.ts";
import { at, type Fields, list, text } from "./json.ts";

/**
 * Greenhouse's job board API (developers.greenhouse.io/job-board.html): one answer holds the whole
 * board. `content` is HTML escaped as entities. A null `internal_job_id` marks a prospect post, a
 * general application that is no opening.
 */
export function parseGreenhouse(body: Uint8Array, from: ParseContext): BoardPage {
  return wholePage(entriesOf(body, "jobs"), (job) =>
    job.internal_job_id === null ? null : toPosting(job, from),
  );
}

function toPosting(job: Fields, from: ParseContext) {
  return buildPosting(
    {
      externalId: job.id,
      url: job.absolute_url,
      title: job.title,
      company: { name: job.company_name },
      location: { raw: text(at(job.location, "name")) ?? officeNames(job) },
      department: at(list(job.departments)[0], "name"),
      postedAt: job.first_published ?? job.updated_at,
      validThrough: job.application_deadline,
      description: job.content,
    },
    { base: from.url },
  );
}

function officeNames(job: Fields): string | null {
  return text(at(list(job.offices)[0], "location")) ?? text(at(list(job.offices)[0], "name"));
}

export const greenhouseBoard: Board = {
  kind: "greenhouse",
  vendor: "Greenhouse",
  pageSize: null,
  find(url) {
    if (!/^(job-)?boards(-api)?(\.eu)?\.greenhouse\.io$/.test(url.hostname)) return null;
    const embedded = url.pathname.startsWith("/embed") ? url.searchParams.get("for") : null;
    const token =
      embedded ??
      /^\/v1\/boards\/([^/]+)/.exec(url.pathname)?.[1] ??
      /^\/(?!embed(?:\/|$)|v1(?:\/|$))([^/]+)/.exec(url.pathname)?.[1];
    return token ? { token } : null;
  },
  listUrl: (endpoints, ref) =>
    `${endpoints.greenhouse}/v1/boards/${pathSegment(ref.target)}/jobs?content=true`,
  parse: parseGreenhouse,
};

export const greenhouse = boardSource(greenhouseBoard);

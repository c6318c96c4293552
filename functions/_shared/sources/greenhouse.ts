import { buildPosting } from "../postings/build-posting.ts";
import {
  type Board,
  type BoardPage,
  boardSource,
  NotThisBoard,
  type ParseContext,
} from "./board.ts";
import { at, type Fields, fields, list, parseJson, text } from "./json.ts";

/**
 * Greenhouse's job board API (developers.greenhouse.io/job-board.html): one answer holds the whole
 * board. `content` is HTML escaped as entities. A null `internal_job_id` marks a prospect post, a
 * general application that is no opening.
 */
export function parseGreenhouse(body: Uint8Array, from: ParseContext): BoardPage {
  const value = parseJson(new TextDecoder().decode(body));
  const jobs = Array.isArray(value) ? value : at(value, "jobs");
  if (!Array.isArray(jobs)) throw new NotThisBoard();
  const open = jobs.map(fields).filter((job) => job !== null && job.internal_job_id !== null);
  const postings = open
    .map((job) => (job === null ? null : toPosting(job, from)))
    .filter((posting) => posting !== null);
  return { postings, skipped: jobs.length - postings.length, total: null, entries: jobs.length };
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
  listUrl: (endpoints, ref) => `${endpoints.greenhouse}/v1/boards/${ref.target}/jobs?content=true`,
  parse: parseGreenhouse,
};

export const greenhouse = boardSource(greenhouseBoard);

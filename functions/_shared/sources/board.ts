import { withCompany } from "../postings/build-posting.ts";
import { nameFromToken } from "../postings/company.ts";
import { separateOpenings } from "../postings/dedupe-key.ts";
import type { Posting } from "../postings/posting.ts";
import { type BoardPage, NotThisBoard, type ParseContext } from "./board-page.ts";
import type { Endpoints } from "./endpoints.ts";
import { request } from "./request.ts";
import {
  type Checkpoint,
  type JsonObject,
  type Source,
  type SourceContext,
  type SourceKind,
  type SourceRef,
  type StepResult,
  stepResult,
} from "./source.ts";

export type Board = {
  kind: SourceKind;
  /** "Greenhouse", as users know it. */
  vendor: string;
  /** The tenant that a URL of this vendor names. */
  find(url: URL): { token: string; options?: JsonObject } | null;
  /** Address of the page of the list that starts at entry `offset`. */
  listUrl(endpoints: Endpoints, ref: SourceRef, offset: number): string;
  /** Entries a page holds, null where one answer holds them all. */
  pageSize: number | null;
  parse(body: Uint8Array, from: ParseContext): BoardPage;
};

/** A user may also write "greenhouse:acme". Tokens are what vendors allow in an address. */
const shorthand = /^([a-z]+):\s*([\w.~-]{1,100})$/i;

/** What a URL, or the shorthand, says about a board. */
export function detectBoard(board: Board, input: string): SourceRef | null {
  const short = shorthand.exec(input.trim());
  const url = URL.parse(input.trim());
  const found =
    short?.[1]?.toLowerCase() === board.kind
      ? { token: short[2] ?? "" }
      : url !== null && /^https?:$/.test(url.protocol)
        ? board.find(url)
        : null;
  if (found === null || !/^[\w.~%-]{1,100}$/.test(found.token)) return null;
  return {
    kind: board.kind,
    key: `${board.kind}:${found.token.toLowerCase()}`,
    label: `${nameFromToken(found.token)} (${board.vendor})`,
    target: found.token,
    ...(found.options === undefined ? {} : { options: found.options }),
  };
}

/** Makes a source of a board whose postings all come in its list. */
export function boardSource(board: Board): Source {
  return {
    kind: board.kind,
    detect: (input) => detectBoard(board, input),
    plan: () => ({
      requests: 1,
      seconds: 2,
      costUsd: null,
      note: board.pageSize === null ? "one request" : `one request per ${board.pageSize} postings`,
    }),
    step: (ctx, ref, checkpoint) => listStep(board, ctx, ref, checkpoint),
  };
}

/** Fetches and parses one page of the list. */
export async function listStep(
  board: Board,
  ctx: SourceContext,
  ref: SourceRef,
  checkpoint: Checkpoint | null,
): Promise<StepResult> {
  const offset = Number(checkpoint?.offset ?? 0);
  const foundBefore = Number(checkpoint?.found ?? 0);
  const what = `The ${board.vendor} board “${ref.target}”`;
  const url = board.listUrl(ctx.endpoints, ref, offset);
  const answer = await request(ctx, url, what);
  const failed = (outcome: "unknown" | "failed", message: string) =>
    stepResult(
      { step: "stopped", done: foundBefore, total: null },
      { outcome, message, errors: 1 },
    );
  if (answer.refusal !== null) return failed(answer.refusal.outcome, answer.refusal.message);

  let page: BoardPage;
  try {
    page = board.parse(answer.page.body, { ...answer.page, now: ctx.clock.now() });
  } catch (error) {
    if (!(error instanceof NotThisBoard)) throw error;
    // Vendors that give each tenant a host send visitors of unknown ones to their own site.
    if (URL.parse(answer.page.url)?.host !== new URL(url).host) {
      return failed("unknown", `${what} does not exist: its address leads elsewhere.`);
    }
    return failed("failed", `${what} answered with something that is no list of jobs.`);
  }
  const postings = finishPostings(page.postings, ref);
  const found = foundBefore + postings.length;
  const done = offset + page.entries;
  const log = page.skipped > 0 ? [skippedLine(page.skipped)] : [];
  const progress = { step: pageLabel(board, offset, page.total), done, total: page.total ?? done };
  // An empty page ends the list whatever the total says: boards shrink while they are read.
  const more =
    board.pageSize !== null &&
    page.entries > 0 &&
    (page.total === null ? page.entries >= board.pageSize : done < page.total);
  if (more) return stepResult(progress, { postings, log, next: { offset: done, found } });
  const outcome = found > 0 ? "found" : "zero";
  const message = found > 0 ? null : `${what} lists no openings at the moment.`;
  return stepResult(
    { ...progress, total: done },
    { postings, log, outcome, message, exhaustive: true },
  );
}

/** Company filled in from what is known of the board, openings of one batch kept apart. */
export function finishPostings(postings: Posting[], ref: SourceRef): Posting[] {
  const known = ref.company ?? { name: nameFromToken(ref.target), domain: null };
  return separateOpenings(postings.map((posting) => withCompany(posting, known)));
}

function pageLabel(board: Board, offset: number, total: number | null): string {
  if (board.pageSize === null || total === null) return "reading the board";
  const pages = Math.max(1, Math.ceil(total / board.pageSize));
  return `page ${Math.floor(offset / board.pageSize) + 1}/${pages}`;
}

function skippedLine(count: number) {
  return {
    level: "debug",
    message: `${count} entries are no public postings and were passed over.`,
  } as const;
}

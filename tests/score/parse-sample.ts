import type { Posting } from "../../functions/_shared/postings/posting.ts";
import { parseAshby } from "../../functions/_shared/sources/ashby.ts";
import { type BoardPage, NotThisBoard } from "../../functions/_shared/sources/board-page.ts";
import { parseFeed } from "../../functions/_shared/sources/feed.ts";
import { parseGreenhouse } from "../../functions/_shared/sources/greenhouse.ts";
import { parseLever } from "../../functions/_shared/sources/lever.ts";
import { readPage } from "../../functions/_shared/sources/page.ts";
import { parsePersonio } from "../../functions/_shared/sources/personio.ts";
import { parseRecruitee } from "../../functions/_shared/sources/recruitee.ts";
import { parseSmartRecruiters } from "../../functions/_shared/sources/smartrecruiters.ts";
import { parseWorkable } from "../../functions/_shared/sources/workable.ts";
import { UnreadableXml } from "../../functions/_shared/sources/xml.ts";

type From = { url: string; contentType: string | null };
const boards: Record<string, (body: Uint8Array, from: From) => BoardPage> = {
  greenhouse: parseGreenhouse,
  lever: parseLever,
  ashby: parseAshby,
  recruitee: parseRecruitee,
  personio: parsePersonio,
  smartrecruiters: parseSmartRecruiters,
  workable: parseWorkable,
};

export type Parsed = { postings: Posting[]; refused: string | null };

/** A file by the product's own parser for its kind; null for a kind that none is known for. */
export function parseSample(kind: string, body: Uint8Array): Parsed | null {
  // The address says nothing: no parser may lean on where a file came from.
  const from = { url: "https://source.example.net/page", contentType: null };
  try {
    if (kind === "jsonld-html") return { postings: readPage(body, from).postings, refused: null };
    if (kind === "rss") {
      const { postings, aboutJobs } = parseFeed(body, from);
      return { postings, refused: aboutJobs ? null : "nothing in it looks like a job" };
    }
    const parse = boards[kind];
    return parse === undefined ? null : { postings: parse(body, from).postings, refused: null };
  } catch (error) {
    if (error instanceof UnreadableXml || error instanceof NotThisBoard) {
      return { postings: [], refused: error.message || "not this vendor's format" };
    }
    throw error;
  }
}

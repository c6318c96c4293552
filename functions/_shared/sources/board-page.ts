import type { Posting } from "../postings/posting.ts";
import { at, type Fields, isFields, parseJson } from "./json.ts";

/** Where a body came from, for parsers that build links out of it. */
export type ParseContext = { url: string; contentType: string | null; now?: number };

export type BoardPage = {
  postings: Posting[];
  /** Entries that are no public posting (prospects, unlisted, without title). */
  skipped: number;
  /** Entries of the whole board, where the vendor tells. */
  total: number | null;
  /** Entries on this page, before skipping. */
  entries: number;
};

/** Thrown by a parser when the body is no answer of this vendor at all. */
export class NotThisBoard extends Error {
  override readonly name = "NotThisBoard";
}

/**
 * The entries of a vendor's answer: under one of these names, or the bare list that exports and
 * older versions hold. Throws `NotThisBoard` for anything else.
 */
export function entriesOf(body: Uint8Array, ...names: string[]): readonly unknown[] {
  const value = parseJson(new TextDecoder().decode(body));
  if (Array.isArray(value)) return value;
  const found = names.map((name) => at(value, ...name.split("."))).find(Array.isArray);
  if (found === undefined) throw new NotThisBoard();
  return found;
}

/** A page of a list that is complete in itself. */
export function wholePage(
  entries: readonly unknown[],
  toPosting: (entry: Fields) => Posting | null,
): BoardPage {
  const postings = entries
    .map((entry) => (isFields(entry) ? toPosting(entry) : null))
    .filter((posting) => posting !== null);
  const skipped = entries.length - postings.length;
  return { postings, skipped, total: null, entries: entries.length };
}

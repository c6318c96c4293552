import { canonicalUrl } from "../postings/canonical-url.ts";
import { registrableDomain } from "../postings/company.ts";
import { ashby } from "./ashby.ts";
import { feed } from "./feed.ts";
import { greenhouse } from "./greenhouse.ts";
import { lever } from "./lever.ts";
import { personio } from "./personio.ts";
import { recruitee } from "./recruitee.ts";
import { smartrecruiters } from "./smartrecruiters.ts";
import type { Source, SourceRef } from "./source.ts";
import { workable } from "./workable.ts";

export const boards: readonly Source[] = [
  greenhouse,
  lever,
  ashby,
  recruitee,
  personio,
  smartrecruiters,
  workable,
];

/** The job board an address (or "greenhouse:acme") belongs to. */
export function detectBoards(input: string): SourceRef | null {
  for (const board of boards) {
    const ref = board.detect(input);
    if (ref !== null) return ref;
  }
  return null;
}

/** A page of a company's own, which may be anything from its home page to one posting. */
export function careersPageRef(input: string): SourceRef | null {
  const text = input.trim();
  const url = canonicalUrl(
    /^[\w-]+(\.[\w-]+)+(:\d+)?(\/\S*)?$/.test(text) ? `https://${text}` : text,
  );
  if (url === null) return null;
  const { host, pathname } = new URL(url);
  return {
    kind: "careers_page",
    key: `careers_page:${url.slice(0, 300)}`,
    label: `${host}${pathname === "/" ? "" : pathname}`.slice(0, 200),
    target: url,
    company: { name: null, domain: registrableDomain(url) },
  };
}

/** What an address on the web can be scraped as; null for what is no web address. */
export function detectScrapable(input: string): SourceRef | null {
  return detectBoards(input) ?? feed.detect(input) ?? careersPageRef(input);
}

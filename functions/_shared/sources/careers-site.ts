import { domainLabel, nameFromToken, registrableDomain } from "../postings/company.ts";
import type { CrawlState } from "./crawl-state.ts";
import { detectBoards } from "./detect-source.ts";
import type { Page } from "./page.ts";
import type { FetchedPage, LogLine, SourceRef } from "./source.ts";

/** What a document is, by its first element; servers' content types are not to be relied upon. */
export function kindOf(page: FetchedPage): "html" | "sitemap" | "feed" | "other" {
  const head = new TextDecoder().decode(page.body.subarray(0, 4000));
  const prolog =
    /^\s*(?:<\?[^>]*>\s*|<!--[\s\S]*?-->\s*|<!doctype[^>]*>\s*)*/i.exec(head)?.[0] ?? "";
  const root = /^<([\w:-]+)/.exec(head.slice(prolog.length))?.[1]?.toLowerCase() ?? "";
  if (/^(urlset|sitemapindex)$/.test(root)) return "sitemap";
  if (/^(rss|feed|rdf:rdf|source|jobs|workzag-jobs|vacancies|offers)$/.test(root)) return "feed";
  const isMarkup = root !== "" && !/^\s*<\?xml/.test(head);
  return isMarkup || /html/i.test(page.contentType ?? "") ? "html" : "other";
}

/** The board that frames, scripts or links of the page lead to; frames and scripts count most. */
export function embeddedBoard(page: Page): { input: string; label: string } | null {
  const counted = new Map<string, { input: string; label: string; weight: number }>();
  const count = (input: string, weight: number) => {
    const board = detectBoards(input);
    if (board === null) return;
    const entry = counted.get(board.key) ?? { input, label: board.label, weight: 0 };
    counted.set(board.key, { ...entry, weight: entry.weight + weight });
  };
  for (const url of page.embeds) count(url, 100);
  for (const link of page.links) count(link.url, 1);
  return [...counted.values()].sort((a, b) => b.weight - a.weight)[0] ?? null;
}

/** The employer as its own site names it. */
export function companyOf(page: Page, ref: SourceRef): CrawlState["company"] {
  const domain = ref.company?.domain ?? registrableDomain(page.url);
  return {
    name:
      ref.company?.name ??
      page.siteName ??
      (domain === null ? null : companyName({ ...ref, company: { name: null, domain } })),
    domain,
  };
}

export function companyName(ref: SourceRef): string | null {
  const domain = ref.company?.domain ?? registrableDomain(ref.target);
  return ref.company?.name ?? (domain === null ? null : nameFromToken(domainLabel(domain)));
}

/** The log of a page some of whose data is broken. */
export function brokenLines(page: Page): LogLine[] {
  if (page.brokenBlocks === 0) return [];
  return [
    {
      level: "debug",
      message: `${page.brokenBlocks} data blocks of ${page.url} are broken and were passed over.`,
    },
  ];
}

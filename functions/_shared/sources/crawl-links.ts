import { registrableDomain } from "../postings/company.ts";
import { fold } from "../postings/plain-text.ts";
import type { Page, PageLink } from "./page.ts";

/** Words in addresses and link texts that lead to postings, in the languages of our users. */
const jobWords =
  /(^|[^a-z])(jobs?|careers?|karriere|stellen\w*|vacanc\w*|vacatur\w*|positions?|open(ing|position)s?|roles?|offres?|emplois?|recrutement|empleos?|ofertas?|trabaj\w*|lavor\w*|posizion\w*|praca|kariera|oferty|rekrutacja|ledig\w*|jobb|stilling\w*|tyopaik\w*|kariera|volne|apply|bewerb\w*|hiring|join(-| )?us|work(-| )?with(-| )?us|ausbildung\w*|werken(-| )?bij)([^a-z]|$)/;
const noJobs =
  /(^|[/.-])(login|signin|sign-in|register|account|cart|privacy|datenschutz|imprint|impressum|terms|agb|cookie\w*|legal|blog|news|press|events?|wp-admin|wp-json|share|print|feed|search\/?$|tag|author)([/.-]|$)/;
const noPage =
  /\.(pdf|docx?|xlsx?|pptx?|zip|png|jpe?g|gif|svg|webp|ico|css|js|mp4|mp3|ics|woff2?)$/i;
const pagingText =
  /^(next|older|more|weiter|nachste|suivant|siguiente|volgende|avanti|dalej|nasta|»|›|>|→|\d{1,3})$/;

/** Whether two addresses are the same company's: same host, or same registrable domain. */
export function sameSite(one: string, other: string): boolean {
  const [a, b] = [URL.parse(one), URL.parse(other)];
  if (a === null || b === null) return false;
  if (a.host === b.host) return true;
  const domain = registrableDomain(one);
  return domain !== null && domain === registrableDomain(other);
}

export type CrawlLinks = {
  /** Further pages of this list. */
  paging: string[];
  /** Pages that may hold postings, likeliest first. */
  details: string[];
};

/** The links of a page worth following: same site, speaking of jobs, no documents, no logins. */
export function crawlLinks(page: Page, start: string): CrawlLinks {
  const here = new URL(page.url);
  const startLanguage = language(new URL(start));
  const paging = new Set<string>();
  const scored = new Map<string, number>();
  if (page.nextUrl !== null && sameSite(page.nextUrl, start)) paging.add(page.nextUrl);
  for (const link of page.links) {
    const url = new URL(link.url);
    if (language(url) !== null && language(url) !== (startLanguage ?? language(url))) continue;
    if (link.url === page.url || !sameSite(link.url, start) || noPage.test(url.pathname)) continue;
    if (isPaging(link, url, here)) paging.add(link.url);
    else {
      const score = scoreOf(link, url, here);
      if (score > 0) scored.set(link.url, Math.max(score, scored.get(link.url) ?? 0));
    }
  }
  const details = [...scored].sort((a, b) => b[1] - a[1]).map(([url]) => url);
  return { paging: [...paging], details };
}

/** "en" of /en/jobs: the same postings in other languages are not wanted again. */
function language(url: URL): string | null {
  return /^\/([a-z]{2})(?:[-_][a-z]{2})?(?=\/|$)/i.exec(url.pathname)?.[1]?.toLowerCase() ?? null;
}

/** Same path with a page number, in the query or as last segment. */
function isPaging(link: PageLink, url: URL, here: URL): boolean {
  if (/(^|\s)next(\s|$)/.test(link.rel)) return true;
  const base = here.pathname.replace(/\/page\/\d+$/, "");
  const byPath = /^(.*?)\/(?:page|seite|p)\/\d+$/.exec(url.pathname);
  if (byPath !== null) return byPath[1] === base.replace(/\/$/, "");
  if (url.pathname !== here.pathname) return false;
  const counted = [...url.searchParams].some(
    ([name, value]) =>
      /^(page|p|pg|paged|seite|offset|start|from|skip)$/i.test(name) && /^\d+$/.test(value),
  );
  return counted || (pagingText.test(fold(link.text)) && url.search !== here.search);
}

/** 3: below this page and speaking of jobs; 2: speaking of jobs; 1: below a page that does. */
function scoreOf(link: PageLink, url: URL, here: URL): number {
  const path = url.pathname.toLowerCase();
  if (noJobs.test(path)) return 0;
  const folder = here.pathname.replace(/\/[^/]*\.\w+$/, "").replace(/\/$/, "");
  const below = folder !== "" && url.pathname.startsWith(`${folder}/`);
  const spoken =
    jobWords.test(`${url.hostname.split(".")[0]} ${path}`.replace(/[_/]/g, " ")) ||
    jobWords.test(fold(link.text)) ||
    /[?&](job|gh_jid|jobid|job_id|vacancy|position)=/i.test(url.search);
  const hereSpeaks = jobWords.test(here.pathname.toLowerCase().replace(/[_/]/g, " "));
  return spoken ? (below ? 3 : 2) : below && hereSpeaks ? 1 : 0;
}

/** The addresses of a sitemap that may be postings, or its child sitemaps. */
export function isJobAddress(url: string): boolean {
  const parsed = URL.parse(url);
  if (parsed === null || noPage.test(parsed.pathname)) return false;
  const path = parsed.pathname.toLowerCase();
  return !noJobs.test(path) && jobWords.test(path.replace(/[_/]/g, " "));
}

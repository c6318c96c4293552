import type { Company } from "../company.ts";
import { careersPage, jobPage, jobPath, ownStyle } from "../pages/careers.ts";
import { contactPage, imprintPage } from "../pages/contact.ts";
import { atom, jobsXml, rss, sitemap } from "../pages/feeds.ts";
import type { PageParts } from "../pages/html.ts";
import { aboutPage, homePage, sitePage, teamPage } from "../pages/site-page.ts";
import { WORDS } from "../pages/words.ts";
import { type Answer, notFound, type Visit } from "./answer.ts";

/** Answers for one company's site, with its trouble if it has any. */
export function companyAnswer(visit: Visit, company: Company): Answer {
  const careers = `/${WORDS[company.language].paths.careers}`;
  const isCareers = visit.path === careers;
  if (isCareers && visit.earlier === 0 && company.trouble === "busy_once") {
    return {
      status: 429,
      headers: { "retry-after": String(visit.troubles.pauseSeconds) },
      body: "Too many requests",
    };
  }
  if (isCareers && visit.earlier === 0 && company.trouble === "fails_once")
    return { status: 503, body: "Service unavailable" };
  const answer = contentOf(visit, company);
  if (company.trouble === "slow" && isCareers) return { ...answer, dripMs: visit.troubles.slowMs };
  return company.trouble === "broken_markup" && isCareers
    ? { ...answer, body: breakMarkup(answer.body) }
    : answer;
}

function contentOf(visit: Visit, company: Company): Answer {
  const base = visit.siteOf(company.slug);
  const { paths } = WORDS[company.language];
  const page = (parts: PageParts): Answer => ({ body: sitePage(company, base, parts) });
  switch (visit.path) {
    case "/":
      return page(homePage(company, base));
    case `/${paths.about}`:
      return page(aboutPage(company));
    case `/${paths.contact}`:
      return page(contactPage(company));
    case `/${paths.imprint}`:
      return page(imprintPage(company));
    case `/${paths.team}`:
      return company.people.length === 0 ? notFound : page(teamPage(company));
    case `/${paths.careers}`:
      return page(careersPage(company, base, Number(visit.query.get("page") ?? "1")));
    case "/feed.xml":
      return feed(company, base);
    case "/robots.txt":
      return {
        type: "text/plain",
        body: `User-agent: *\nAllow: /\nSitemap: ${base}/sitemap.xml\n`,
      };
    case "/sitemap.xml":
      return { type: "application/xml", body: sitemap(pagesOf(company, base)) };
  }
  const job = company.jobs.find(
    (candidate) =>
      jobPath(company, candidate) === visit.path || `/o/${candidate.slug}` === visit.path,
  );
  return job === undefined ? notFound : page(jobPage(company, job, base));
}

function feed(company: Company, base: string): Answer {
  const openings = company.jobs.map((job) => ({ company, job, base }));
  const title = `${WORDS[company.language].careers} ${company.name}`;
  if (company.careers === "rss")
    return { type: "application/rss+xml; charset=utf-8", body: rss(openings, title, `${base}/`) };
  if (company.careers === "atom")
    return { type: "application/atom+xml; charset=utf-8", body: atom(openings, title, `${base}/`) };
  return company.careers === "xml"
    ? { type: "application/xml; charset=utf-8", body: jobsXml(openings, company.name, `${base}/`) }
    : notFound;
}

function pagesOf(company: Company, base: string): string[] {
  const details = ["graph_details", "paged_details", "microdata_details", "sitemap"].includes(
    ownStyle(company),
  );
  const { paths } = WORDS[company.language];
  return [
    `${base}/`,
    `${base}/${paths.careers}`,
    `${base}/${paths.contact}`,
    ...(details ? company.jobs.map((job) => `${base}${jobPath(company, job)}`) : []),
  ];
}

/** What careless sites send: a block that is no JSON before the good one, a tag never closed, a stray byte order mark. */
function breakMarkup(body: string): string {
  return `\uFEFF${body.replace("<main>", '<main><script type="application/ld+json">{"@type":"JobPosting","title":"Half a pos</script><div class=open')}`;
}

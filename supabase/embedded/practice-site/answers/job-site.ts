import type { Company } from "../company.ts";
import { companiesCsv, jobsCsv, jobsXml } from "../pages/feeds.ts";
import { WORDS } from "../pages/words.ts";
import { isRepeated, JOB_SITE } from "../world.ts";
import { type Answer, notFound, type Visit } from "./answer.ts";

/** The regional job site: a feed that repeats others' openings, a file of openings, a file of companies. */
export function jobSiteAnswer(visit: Visit, companies: Company[]): Answer {
  const openings = (chosen: Company[]) =>
    chosen.flatMap((company) =>
      company.jobs.map((job) => ({ company, job, base: visit.siteOf(company.slug) })),
    );
  switch (visit.path) {
    case "/feed.xml":
      return {
        type: "application/xml; charset=utf-8",
        body: jobsXml(
          openings(companies.filter(isRepeated)),
          JOB_SITE.name,
          `${visit.siteOf(JOB_SITE.slug)}/`,
        ),
      };
    case "/vacatures.csv":
      return {
        type: "text/csv; charset=utf-8",
        body: jobsCsv(openings(companies.filter(({ careers }) => careers === "csv"))),
      };
    case "/bedrijven.csv":
      return {
        type: "text/csv; charset=utf-8",
        body: companiesCsv(
          companies.filter(isRepeated).map((company) => {
            const base = visit.siteOf(company.slug);
            return {
              company,
              base,
              careersUrl: `${base}/${WORDS[company.language].paths.careers}`,
            };
          }),
        ),
      };
    case "/robots.txt":
      return { type: "text/plain", body: "User-agent: *\nAllow: /\n" };
    case "/":
      return {
        body: `<!doctype html><title>${JOB_SITE.name}</title><h1>${JOB_SITE.name}</h1><a href="/feed.xml">feed.xml</a> <a href="/vacatures.csv">vacatures.csv</a> <a href="/bedrijven.csv">bedrijven.csv</a>`,
      };
    default:
      return notFound;
  }
}

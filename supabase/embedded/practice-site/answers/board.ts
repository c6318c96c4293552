import type { CareersStyle, Company } from "../company.ts";
import {
  ashby,
  greenhouse,
  lever,
  personio,
  recruitee,
  smartRecruiters,
  smartRecruitersPosting,
  workable,
} from "../pages/boards.ts";
import { type Answer, json, notFound, type Visit } from "./answer.ts";

/** The boards' APIs, each under `/boards/NAME` with the vendor's own paths behind it. */
export function boardAnswer(visit: Visit, companies: Company[]): Answer {
  const [, board = "", path = ""] = /^\/boards\/([a-z]+)(\/.*)$/.exec(visit.path) ?? [];
  const tenant = (pattern: RegExp, style: CareersStyle): Company | null => {
    const slug = pattern.exec(path)?.[1];
    return companies.find((company) => company.slug === slug && company.careers === style) ?? null;
  };
  const number = (name: string, fallback: number): number =>
    Number(visit.query.get(name) ?? fallback);
  const site = (company: Company): string => visit.siteOf(company.slug);
  switch (board) {
    case "greenhouse": {
      if (/^\/v1\/boards\/leeg-bord\/jobs$/.test(path))
        return json({ jobs: [], meta: { total: 0 } });
      const company = tenant(/^\/v1\/boards\/([^/]+)\/jobs$/, "greenhouse");
      return company === null
        ? { ...json({ status: 404, error: "Job not found" }), status: 404 }
        : json(greenhouse(company, site(company)));
    }
    case "lever": {
      const company = tenant(/^\/v0\/postings\/([^/]+)$/, "lever");
      return company === null
        ? { ...json({ ok: false, error: "Document not found" }), status: 404 }
        : json(lever(company, site(company), number("skip", 0), number("limit", 100)));
    }
    case "ashby": {
      const company = tenant(/^\/posting-api\/job-board\/([^/]+)$/, "ashby");
      return company === null ? notFound : json(ashby(company, site(company)));
    }
    case "recruitee": {
      const company = tenant(/^\/([^/]+)\/api\/offers\/?$/, "recruitee");
      return company === null ? notFound : json(recruitee(company, site(company)));
    }
    case "personio": {
      const company = tenant(/^\/([^/]+)\/xml$/, "personio");
      return company === null
        ? notFound
        : { type: "application/xml; charset=utf-8", body: personio(company, site(company)) };
    }
    case "smartrecruiters": {
      const company = tenant(/^\/v1\/companies\/([^/]+)\/postings/, "smartrecruiters");
      // The real API answers an empty list for companies that it has never heard of.
      if (company === null) return json({ offset: 0, limit: 100, totalFound: 0, content: [] });
      const id = /\/postings\/(\d+)$/.exec(path)?.[1];
      const job = company.jobs.find((candidate) => String(740_000_000 + candidate.id) === id);
      if (job !== undefined) return json(smartRecruitersPosting(company, site(company), job, true));
      return id === undefined
        ? json(smartRecruiters(company, site(company), number("offset", 0), number("limit", 100)))
        : notFound;
    }
    case "workable": {
      const company = tenant(/^\/api\/v1\/widget\/accounts\/([^/]+)$/, "workable");
      return company === null ? notFound : json(workable(company, site(company)));
    }
    default:
      return visit.path === "/robots.txt"
        ? { type: "text/plain", body: "User-agent: *\nAllow: /\n" }
        : notFound;
  }
}

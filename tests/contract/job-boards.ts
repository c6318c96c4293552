import { pathOf } from "./run-source.ts";
import type { VendorAnswer, VendorRequest } from "./vendor-server.ts";

/** How many openings the tenant "acme" has on each board; "empty" has none, all others do not exist. */
export const openings = 230;
const numbers = Array.from({ length: openings }, (_, index) => index + 1);
const at = (company: string, list: number[]) => (company === "empty" ? [] : list);
const known = (company: string | undefined) => company === "acme" || company === "empty";
const missing: VendorAnswer = { status: 404, body: { error: "not found" } };

/** Answers as each job board documents; the tenant "busy" is told to wait, "broken" answers nonsense. */
export function answerAsJobBoards({ url, headers }: VendorRequest, nth: number): VendorAnswer {
  if (url.pathname.includes("busy") && nth === 1) {
    return { status: 429, headers: { "retry-after": "7" }, body: "slow down" };
  }
  if (url.pathname.includes("down")) return { status: 503, body: "maintenance" };
  if (url.pathname.includes("closed")) return { status: 403, body: "forbidden" };
  if (url.pathname.includes("moved")) {
    const elsewhere = `http://localhost:${headers.host?.split(":")[1]}/broken`;
    return { status: 301, headers: { location: elsewhere }, body: "" };
  }
  if (url.pathname.includes("broken")) return { body: "<html>Sign in</html>" };
  for (const [name, answer] of Object.entries(vendors)) {
    const path = pathOf(url, name as keyof typeof vendors);
    if (path !== null) return answer(path.replace("busy", "acme"), url.searchParams);
  }
  return missing;
}

const vendors = {
  greenhouse(path: string): VendorAnswer {
    const company = /^\/v1\/boards\/(\w+)\/jobs$/.exec(path)?.[1] ?? "";
    if (!known(company)) return missing;
    const jobs = at(company, numbers).map((id) => ({
      id,
      internal_job_id: id + 1000,
      title: `Job ${id}`,
      absolute_url: `https://boards.greenhouse.io/acme/jobs/${id}`,
      location: { name: "Bonn, Germany" },
    }));
    return { body: { jobs, meta: { total: jobs.length } } };
  },
  lever(path: string, query: URLSearchParams): VendorAnswer {
    const company = /^\/v0\/postings\/(\w+)$/.exec(path)?.[1] ?? "";
    if (!known(company)) return { status: 404, body: { ok: false, error: "Document not found" } };
    const [skip, limit] = [Number(query.get("skip") ?? 0), Number(query.get("limit") ?? openings)];
    const page = at(company, numbers).slice(skip, skip + limit);
    return {
      body: page.map((id) => ({
        id: `id-${id}`,
        text: `Job ${id}`,
        categories: { location: "Bonn" },
      })),
    };
  },
  ashby(path: string): VendorAnswer {
    const company = /^\/posting-api\/job-board\/(\w+)$/.exec(path)?.[1] ?? "";
    if (!known(company)) return missing;
    return {
      body: {
        apiVersion: "1",
        jobs: at(company, numbers).map((id) => ({
          id: `${id}`,
          title: `Job ${id}`,
          isListed: true,
        })),
      },
    };
  },
  recruitee(path: string): VendorAnswer {
    const company = /^\/(\w+)\/api\/offers$/.exec(path)?.[1] ?? "";
    if (!known(company)) return missing;
    return {
      body: {
        offers: at(company, numbers).map((id) => ({ id, title: `Job ${id}`, city: "Bonn" })),
      },
    };
  },
  personio(path: string): VendorAnswer {
    const company = /^\/(\w+)\/xml$/.exec(path)?.[1] ?? "";
    if (!known(company)) return missing;
    const positions = at(company, numbers).map(
      (id) => `<position><id>${id}</id><name>Job ${id}</name><office>Bonn</office></position>`,
    );
    return {
      headers: { "content-type": "application/xml" },
      body: `<?xml version="1.0"?><workzag-jobs>${positions.join("")}</workzag-jobs>`,
    };
  },
  smartrecruiters(path: string, query: URLSearchParams): VendorAnswer {
    const [, company = "", id] = /^\/v1\/companies\/(\w+)\/postings(?:\/(\d+))?$/.exec(path) ?? [];
    const entry = (number: number) => ({
      id: `${number}`,
      name: `Job ${number}`,
      company: { identifier: company, name: "Acme" },
    });
    if (id !== undefined) {
      return {
        body: {
          ...entry(Number(id)),
          jobAd: { sections: { jobDescription: { title: "Job", text: `<p>Text ${id}</p>` } } },
        },
      };
    }
    // The real API answers an empty list for companies it has never heard of.
    const all = company === "acme" ? numbers : [];
    const [offset, limit] = [Number(query.get("offset") ?? 0), Number(query.get("limit") ?? 10)];
    return {
      body: {
        offset,
        limit,
        totalFound: all.length,
        content: all.slice(offset, offset + limit).map(entry),
      },
    };
  },
  smartrecruiters_careers: (path: string): VendorAnswer =>
    known(path.slice(1)) ? { body: "<h1>Careers</h1>" } : missing,
  workable(path: string): VendorAnswer {
    const company = /^\/api\/v1\/widget\/accounts\/(\w+)$/.exec(path)?.[1] ?? "";
    if (!known(company)) return missing;
    return {
      body: {
        name: "Acme",
        jobs: at(company, numbers).map((id) => ({
          shortcode: `S${id}`,
          title: `Job ${id}`,
          country: "Germany",
        })),
      },
    };
  },
};

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { careersPage } from "../../functions/_shared/sources/careers-page.ts";
import { detectSource } from "../../functions/_shared/sources/catalogue.ts";
import type { SourceContext, SourceRef } from "../../functions/_shared/sources/source.ts";
import { answerAsJobBoards, openings } from "./job-boards.ts";
import { contextAt, runSource } from "./run-source.ts";
import { startVendor, type VendorAnswer, type VendorRequest } from "./vendor-server.ts";

const page = (body: string): VendorAnswer => ({
  headers: { "content-type": "text/html" },
  body: `<!doctype html><html>${body}</html>`,
});
const posting = (id: number | string) =>
  `<script type="application/ld+json">${JSON.stringify({ "@type": "JobPosting", identifier: `${id}`, title: `Job ${id}`, hiringOrganization: "Acme", jobLocation: "Bonn" })}</script>`;
const links = (ids: number[]) => ids.map((id) => `<a href="/jobs/${id}">Job ${id}</a>`).join("");
const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => from + index);

let vendor: Awaited<ReturnType<typeof startVendor>>;
let ctx: SourceContext;
let site: (request: VendorRequest, nth: number) => VendorAnswer;
beforeEach(async () => {
  vendor = await startVendor((request, nth) => site(request, nth));
  ctx = contextAt(vendor.url);
});
afterEach(() => vendor.close());

const refOf = (path: string): SourceRef => {
  const ref = detectSource(`${vendor.url}${path}`);
  if (ref === null) throw new Error(path);
  return ref;
};
const idOf = ({ url }: VendorRequest) => /^\/jobs\/(\d+)$/.exec(url.pathname)?.[1];
const visits = (path: string) =>
  vendor.requests.filter(({ url }) => `${url.pathname}${url.search}` === path).length;

describe("a careers page", () => {
  it("is followed to its further pages and each posting, every page read once", async () => {
    site = (request) => {
      const id = idOf(request);
      if (id !== undefined) return page(posting(id));
      const number = Number(request.url.searchParams.get("page") ?? 1);
      if (request.url.pathname !== "/jobs" || number > 4) return { status: 404, body: "" };
      return page(
        `<h1>Jobs</h1>${links(range(number * 20, number * 20 + 20))}<a rel="next" href="/jobs?page=${number + 1}">next</a>`,
      );
    };
    const { last, postings, steps } = await runSource(
      ctx,
      refOf("/jobs"),
      (attempt) => attempt === 1,
    );
    expect(postings.size).toBe(80);
    expect(last).toMatchObject({ outcome: "found", exhaustive: true });
    expect(steps.length).toBeGreaterThan(2);
    const killedOnce = vendor.requests
      .map(({ url }) => url.href)
      .filter((href, index, all) => all.indexOf(href) !== index);
    expect(killedOnce.length).toBeLessThanOrEqual(60);
  });

  it("tries once more what failed, and says what stays missing", async () => {
    const failures = new Map<string, number>();
    site = (request) => {
      const id = idOf(request);
      if (id === undefined) return page(links(range(0, 6)));
      const tries = (failures.get(id) ?? 0) + 1;
      failures.set(id, tries);
      return id === "5" || (id === "3" && tries === 1)
        ? { status: 500, body: "" }
        : page(posting(id));
    };
    const { last, postings, steps } = await runSource(ctx, refOf("/jobs"));
    expect(postings.size).toBe(5);
    expect(last).toMatchObject({ outcome: "found", exhaustive: false });
    expect(
      steps.flatMap((step) => step.log).filter((line) => line.level === "warning"),
    ).toHaveLength(1);
    expect(visits("/jobs/5")).toBe(2);
  });

  it("waits where it is asked to, without losing its place", async () => {
    let busy = true;
    site = (request) => {
      const id = idOf(request);
      if (id === undefined) return page(links(range(0, 3)));
      return busy ? { status: 429, headers: { "retry-after": "9" }, body: "" } : page(posting(id));
    };
    const ref = refOf("/jobs");
    const first = await careersPage.step(ctx, ref, null);
    await expect(careersPage.step(ctx, ref, first.next)).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: 9,
    });
    busy = false;
    expect((await careersPage.step(ctx, ref, first.next)).postings).toHaveLength(3);
  });

  it("does not fetch postings again that the list holds in full", async () => {
    const full = (id: number) =>
      posting(id).replace(
        '"jobLocation"',
        `"url":"/jobs/${id}","description":"${"Long text. ".repeat(30)}","jobLocation"`,
      );
    site = (request) =>
      idOf(request) === undefined ? page(links([1, 2]) + full(1) + full(2)) : page(posting("x"));
    expect((await runSource(ctx, refOf("/jobs"))).postings.size).toBe(2);
    expect(vendor.requests).toHaveLength(1);
  });

  it("is found from the home page", async () => {
    site = (request) => {
      const id = idOf(request);
      if (id !== undefined) return page(posting(id));
      return page(
        request.url.pathname === "/"
          ? '<a href="/about">About</a><a href="/karriere">Karriere</a>'
          : links([1, 2]),
      );
    };
    expect((await runSource(ctx, refOf("/"))).postings.size).toBe(2);
    expect(visits("/about")).toBe(0);
  });

  it("that leads nowhere is read by its sitemap, also a nested one", async () => {
    site = (request) => {
      const id = idOf(request);
      if (id !== undefined) return page(posting(id));
      if (request.url.pathname === "/sitemap.xml")
        return {
          body: `<sitemapindex><sitemap><loc>${vendor.url}/sitemap-jobs.xml</loc></sitemap></sitemapindex>`,
        };
      if (request.url.pathname === "/sitemap-jobs.xml")
        return {
          body: `<urlset>${[7, 8].map((job) => `<url><loc>${vendor.url}/jobs/${job}</loc></url>`).join("")}<url><loc>${vendor.url}/about</loc></url></urlset>`,
        };
      return page('<div id="app"></div>');
    };
    expect((await runSource(ctx, refOf("/careers"))).postings.size).toBe(2);
    expect((await runSource(ctx, refOf("/sitemap-jobs.xml"))).postings.size).toBe(2);
    expect(visits("/about")).toBe(0);
  });

  it("that embeds a job board is read there, and knows the employer by its own site", async () => {
    site = (request, nth) =>
      request.url.pathname === "/careers"
        ? page(
            '<meta property="og:site_name" content="Acme Bakeries"><script src="https://boards.greenhouse.io/embed/job_board/js?for=acme"></script>',
          )
        : answerAsJobBoards(request, nth);
    const { last, postings } = await runSource(ctx, refOf("/careers"), (attempt) => attempt === 1);
    expect(last).toMatchObject({ outcome: "found", exhaustive: true });
    expect(postings.size).toBe(openings);
    expect([...postings.values()][0]?.company.name).toBe("Acme Bakeries");
  });

  it("goes on by itself when the board it names does not exist", async () => {
    site = (request, nth) => {
      const id = idOf(request);
      if (id !== undefined) return page(posting(id));
      return request.url.pathname === "/careers"
        ? page(`<iframe src="https://jobs.lever.co/nobody"></iframe>${links([1])}`)
        : answerAsJobBoards(request, nth);
    };
    expect((await runSource(ctx, refOf("/careers"))).postings.size).toBe(1);
  });

  it.each([
    ["without postings is empty", "/careers", page("<h1>No jobs</h1>"), "zero"],
    ["that is gone is unknown", "/careers", { status: 404, body: "" }, "unknown"],
    [
      "behind a login has failed",
      "/careers",
      page('<form><input type="password"></form>'),
      "failed",
    ],
    ["that forbids programs has failed", "/careers", { status: 403, body: "" }, "failed"],
    [
      "that is no page has failed",
      "/careers",
      { headers: { "content-type": "application/pdf" }, body: "%PDF-1.7" },
      "failed",
    ],
  ] satisfies [string, string, VendorAnswer, string][])("%s", async (_, path, answer, outcome) => {
    site = ({ url }) => (url.pathname === path ? answer : { status: 404, body: "" });
    const { last } = await runSource(ctx, refOf(path));
    expect(last.outcome).toBe(outcome);
    expect(last.message).toBeTruthy();
  });

  it("gives up on a site of many pages without a single posting", async () => {
    site = ({ url }) => (url.pathname === "/jobs" ? page(links(range(0, 500))) : page("plain"));
    const { last } = await runSource(ctx, refOf("/jobs"));
    expect(last).toMatchObject({ outcome: "zero", exhaustive: false });
    expect(vendor.requests.length).toBeLessThan(100);
  });

  it("whose address may not be opened has failed with the reason", async () => {
    site = () => page("");
    const refused = Object.assign(new Error("10.0.0.1 belongs to a private network."), {
      code: "private_address",
      retryable: false,
    });
    const guarded = { ...ctx, fetch: () => Promise.reject(refused) };
    expect(await careersPage.step(guarded, refOf("/"), null)).toMatchObject({
      outcome: "failed",
      message: refused.message,
    });
  });
});

describe("a feed", () => {
  const feedOf = (number: number, more: boolean) =>
    `<rss><channel><title>Careers on Acme</title>${more ? `<atom:link rel="next" href="/jobs.xml?page=${number + 1}"/>` : ""}${range(
      number * 10,
      number * 10 + 10,
    )
      .map(
        (id) => `<item><title>Job ${id}</title><guid>${id}</guid><link>/jobs/${id}</link></item>`,
      )
      .join("")}</channel></rss>`;

  it("is read page by page", async () => {
    site = ({ url }) => {
      const number = Number(url.searchParams.get("page") ?? 1);
      return {
        headers: { "content-type": "application/rss+xml" },
        body: feedOf(number, number < 3),
      };
    };
    const { last, postings } = await runSource(ctx, refOf("/jobs.xml"), (attempt) => attempt === 1);
    expect(postings.size).toBe(30);
    expect(last).toMatchObject({ outcome: "found", exhaustive: true });
  });

  it.each([
    ["a bomb", '<!DOCTYPE x [<!ENTITY a "a">]><rss/>', "failed", /entities/],
    ["a web page", "<!doctype html><p>Moved", "failed", /web page/],
    ["a sitemap", "<urlset><url><loc>https://a.example</loc></url></urlset>", "failed", /sitemap/],
    ["an empty feed", "<rss><channel><title>Jobs</title></channel></rss>", "zero", /no entries/],
    [
      "news",
      "<rss><channel><title>Bread</title><item><title>Spring</title><link>https://a.example/b</link></item></channel></rss>",
      "failed",
      /looks like a job/,
    ],
  ])("that is %s ends with its outcome and the reason", async (_, body, outcome, reason) => {
    site = () => ({ body });
    const { last } = await runSource(ctx, refOf("/news.xml"));
    expect(last.outcome).toBe(outcome);
    expect(last.message).toMatch(reason);
  });
});

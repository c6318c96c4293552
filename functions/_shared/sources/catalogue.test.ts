import { describe, expect, it } from "vitest";
import { detectSource, planSource, sources } from "./catalogue.ts";
import { crawlLinks } from "./crawl-links.ts";
import { readEndpoints, tenantEndpoint } from "./endpoints.ts";
import { readPage } from "./page.ts";
import { parseSitemap } from "./sitemap.ts";
import type { SourceContext } from "./source.ts";

describe("detectSource", () => {
  it.each([
    ["https://boards.greenhouse.io/acme", "greenhouse:acme"],
    ["https://job-boards.greenhouse.io/acme/jobs/123", "greenhouse:acme"],
    ["https://job-boards.eu.greenhouse.io/acme", "greenhouse:acme"],
    ["https://boards.greenhouse.io/embed/job_board/js?for=acme", "greenhouse:acme"],
    ["https://boards-api.greenhouse.io/v1/boards/acme/jobs", "greenhouse:acme"],
    ["https://jobs.lever.co/acme", "lever:acme"],
    ["https://jobs.eu.lever.co/acme/1-2-3/apply", "lever:acme"],
    ["https://jobs.ashbyhq.com/Acme", "ashby:acme"],
    ["https://acme.recruitee.com/o/baker", "recruitee:acme"],
    ["https://acme.jobs.personio.de/?language=de", "personio:acme"],
    ["https://acme.jobs.personio.com", "personio:acme"],
    ["https://careers.smartrecruiters.com/Acme1", "smartrecruiters:acme1"],
    ["https://jobs.smartrecruiters.com/Acme1/74-baker", "smartrecruiters:acme1"],
    ["https://apply.workable.com/acme/", "workable:acme"],
    ["https://acme.workable.com", "workable:acme"],
    ["greenhouse:acme", "greenhouse:acme"],
    ["apify:acme/job-scraper", "apify:acme~job-scraper"],
    ["https://apify.com/acme/job-scraper", "apify:acme~job-scraper"],
    ["https://console.apify.com/actors/aB3/input", "apify:ab3"],
    ["https://acme.com/feed.xml", "feed:https://acme.com/feed.xml"],
    ["https://acme.com/jobs/feed/", "feed:https://acme.com/jobs/feed"],
    ["https://acme.com/companies.csv", "csv:https://acme.com/companies.csv"],
    [
      "upload:123e4567-e89b-12d3-a456-426614174000",
      "csv:upload:123e4567-e89b-12d3-a456-426614174000",
    ],
    ["https://acme.com/sitemap.xml", "careers_page:https://acme.com/sitemap.xml"],
    ["https://www.acme.com/careers?utm_source=x", "careers_page:https://www.acme.com/careers"],
    ["acme.com/jobs", "careers_page:https://acme.com/jobs"],
    ["https://www.recruitee.com", "careers_page:https://www.recruitee.com/"],
    ["https://apply.workable.com/j/AB12", "careers_page:https://apply.workable.com/j/AB12"],
  ])("knows %s", (input, key) => expect(detectSource(input)?.key).toBe(key));

  it.each([
    "",
    "hello",
    "ftp://acme.com/jobs",
    "javascript:alert(1)",
    "bakers in Bonn",
    "lever:no spaces allowed",
  ])("takes %s for no source", (input) => {
    expect(detectSource(input)).toBeNull();
  });

  it("keeps the region of a European board, and plans without a request", () => {
    const ref = detectSource("https://jobs.eu.lever.co/acme");
    expect(ref?.options).toEqual({ eu: true });
    if (ref !== null) expect(planSource(ref).requests).toBeGreaterThan(0);
  });
});

describe("endpoints", () => {
  it("are the vendors' own unless the environment says otherwise", () => {
    expect(readEndpoints(() => undefined).lever).toBe("https://api.lever.co");
    const set = readEndpoints((name) =>
      name === "OTIS_ENDPOINT_LEVER" ? "http://127.0.0.1:1/lever/" : undefined,
    );
    expect(set.lever).toBe("http://127.0.0.1:1/lever");
    expect(tenantEndpoint("https://{company}.recruitee.com", "acme")).toBe(
      "https://acme.recruitee.com",
    );
    expect(tenantEndpoint("http://127.0.0.1:1/recruitee", "acme")).toBe(
      "http://127.0.0.1:1/recruitee/acme",
    );
  });
});

describe("a board that no detect has seen", () => {
  /** Where the first request of a board goes. */
  async function asked(kind: keyof typeof sources, target: string, options = {}) {
    const urls: string[] = [];
    const ctx: SourceContext = {
      fetch: async (url) => {
        urls.push(url);
        throw Object.assign(new Error("no network here"), { retryable: false });
      },
      signal: new AbortController().signal,
      clock: { now: () => 0 },
      endpoints: readEndpoints(() => undefined),
    };
    await sources[kind].step(ctx, { kind, key: kind, label: kind, target, options }, null);
    return urls[0] ?? "";
  }
  const boards = ["greenhouse", "lever", "ashby", "smartrecruiters", "workable"] as const;

  it.each(boards)("of %s has its target as one segment of the path", async (kind) => {
    const parts = async (target: string) => {
      const { origin, pathname, search, hash } = new URL(await asked(kind, target));
      return { origin, segments: pathname.split("/").length, search, hash };
    };
    expect(await parts("a/../../b?c=d&e#f g")).toEqual(await parts("acme"));
    expect(await asked(kind, "Acme%20Inc")).toContain("/Acme%20Inc");
  });

  it.each(["personio", "recruitee"] as const)("of %s has no other host", async (kind) => {
    expect(URL.parse(await asked(kind, "evil.example/?"))).toBeNull();
  });

  it("of Personio has one of Personio's own domains", async () => {
    const host = async (tld: string) => new URL(await asked("personio", "acme", { tld })).host;
    expect(await host("es")).toBe("acme.jobs.personio.es");
    expect(await host("evil.example/?")).toBe("acme.jobs.personio.de");
  });
});

describe("crawlLinks", () => {
  const links = (html: string, url = "https://acme.com/careers") =>
    crawlLinks(readPage(new TextEncoder().encode(html), { url, contentType: null }), url);

  it("follows postings and further pages of the same site, likeliest first", () => {
    const found = links(
      `<a href="/about">About</a><a href="/careers/baker">Baker</a><a href="/jobs/miller">Miller</a><a href="?page=2">2</a><a href="/careers/page/3">3</a>
       <a href="https://other.com/jobs/1">Elsewhere</a><a href="/careers/flyer.pdf">PDF</a><a href="/careers/login">Login</a><a href="https://jobs.acme.com/4">Cook</a>`,
    );
    expect(found.details).toEqual([
      "https://acme.com/careers/baker",
      "https://acme.com/jobs/miller",
      "https://jobs.acme.com/4",
    ]);
    expect(found.paging).toEqual([
      "https://acme.com/careers?page=2",
      "https://acme.com/careers/page/3",
    ]);
  });

  it("finds the careers page from a home page, in the site's own language", () => {
    expect(
      links('<a href="/ueber-uns">Über uns</a><a href="/karriere">Karriere</a>', "https://acme.de/")
        .details,
    ).toEqual(["https://acme.de/karriere"]);
    expect(
      links('<a href="/de/jobs/1">a</a><a href="/en/jobs/1">b</a>', "https://acme.com/en/jobs")
        .details,
    ).toEqual(["https://acme.com/en/jobs/1"]);
  });

  it("stays on hosts without a domain by host and port", () => {
    expect(
      links(
        '<a href="http://127.0.0.1:2/jobs/1">x</a><a href="/jobs/2">y</a>',
        "http://127.0.0.1:1/jobs",
      ).details,
    ).toEqual(["http://127.0.0.1:1/jobs/2"]);
  });
});

describe("parseSitemap", () => {
  const parse = (text: string) =>
    parseSitemap(new TextEncoder().encode(text), {
      url: "https://acme.com/sitemap.xml",
      contentType: null,
    });

  it("reads pages, nested sitemaps and plain lists", () => {
    expect(parse("<urlset><url><loc> https://acme.com/jobs/1 </loc></url></urlset>")).toEqual({
      pages: ["https://acme.com/jobs/1"],
      sitemaps: [],
    });
    expect(
      parse("<sitemapindex><sitemap><loc>https://acme.com/s2.xml</loc></sitemap></sitemapindex>")
        .sitemaps,
    ).toEqual(["https://acme.com/s2.xml"]);
    expect(parse("https://acme.com/a\nhttps://acme.com/b").pages).toHaveLength(2);
  });
});

import { describe, expect, it } from "vitest";
import { readPage } from "./page.ts";

const read = (html: string, url = "https://acme.example.com/careers") =>
  readPage(new TextEncoder().encode(html), { url, contentType: "text/html; charset=utf-8" });
const ld = (value: unknown) =>
  `<script type="application/ld+json">${typeof value === "string" ? value : JSON.stringify(value)}</script>`;
const job = { "@type": "JobPosting", title: "Baker", hiringOrganization: { name: "Acme" } };
const titles = (html: string) => read(html).postings.map((posting) => posting.title);

describe("postings in JSON-LD", () => {
  it.each([
    ["an object", job],
    ["an array", [job]],
    ["a graph", { "@graph": [{ "@type": "Organization", name: "Acme" }, job] }],
    ["several types", { ...job, "@type": ["Thing", "JobPosting"] }],
    ["a type with its vocabulary", { ...job, "@type": "https://schema.org/JobPosting" }],
    [
      "an item list",
      { "@type": "ItemList", itemListElement: [{ "@type": "ListItem", item: job }] },
    ],
    ["a page about it", { "@type": "WebPage", mainEntity: job }],
  ])("are found in %s", (_, value) => expect(titles(ld(value))).toEqual(["Baker"]));

  it("are found beside a block that is broken, which is counted", () => {
    const page = read(ld("not even json {{{") + ld(job));
    expect(page.postings).toHaveLength(1);
    expect(page.brokenBlocks).toBe(1);
  });

  it("name their organisation as node, text or reference", () => {
    const org = {
      "@type": "Organization",
      "@id": "#org",
      name: "Acme AG",
      sameAs: "https://acme.ch",
    };
    const pages = [
      ld({ ...job, hiringOrganization: "Acme AG" }),
      ld({ ...job, hiringOrganization: [{ name: "Acme AG" }] }),
      ld({ "@graph": [org, { ...job, hiringOrganization: { "@id": "#org" } }] }),
    ];
    for (const html of pages) expect(read(html).postings[0]?.company.name).toBe("Acme AG");
    expect(read(pages[2] ?? "").postings[0]?.company.domain).toBe("acme.ch");
  });

  it("name their places as text, node or list", () => {
    const place = (locality: string) => ({
      "@type": "Place",
      address: { addressLocality: locality, addressCountry: { name: "Germany" } },
    });
    const location = (jobLocation: unknown) =>
      read(ld({ ...job, jobLocation })).postings[0]?.location;
    expect(location("Austin, TX")).toMatchObject({ city: "Austin", country: "US" });
    expect(location({ address: "Austin, TX" })).toMatchObject({ city: "Austin" });
    expect(location([place("Bonn"), place("Köln")])).toMatchObject({
      raw: "Bonn, Germany; Köln, Germany",
      city: "Bonn",
      country: "DE",
    });
  });

  it("know remote work, salary, and an end that is unknown", () => {
    const [posting] = read(
      ld({
        ...job,
        jobLocationType: "TELECOMMUTE",
        applicantLocationRequirements: { "@type": "Country", name: "USA" },
        validThrough: "1970-01-01T00:00:00.000Z",
        employmentType: ["PART_TIME"],
        baseSalary: { currency: "USD", value: { minValue: 20, maxValue: 25, unitText: "HOUR" } },
      }),
    ).postings;
    expect(posting).toMatchObject({
      location: { country: "US", workplace: "remote" },
      validThrough: null,
      employmentType: "part_time",
      salary: { min: 20, max: 25, currency: "USD", period: "hour" },
    });
  });

  it("resolve relative addresses, and stand at the page's own when they name none", () => {
    const html = `<link rel="canonical" href="/jobs/7">${ld(job)}`;
    expect(read(html).postings[0]?.url).toBe("https://acme.example.com/jobs/7");
    expect(read(`<base href="/de/">${ld({ ...job, url: "jobs/8" })}`).postings[0]?.url).toBe(
      "https://acme.example.com/de/jobs/8",
    );
  });
});

describe("postings in markup", () => {
  const microdata = `<div itemscope itemtype="https://schema.org/JobPosting"><h2 itemprop="title">Baker</h2>
    <p itemprop="description"><b>Early</b> <span itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization"><span itemprop="name">Acme</span></span></p>
    <span itemprop="jobLocation" itemscope itemtype="https://schema.org/Place"><span itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><span itemprop="addressLocality">Kirkland</span> <span itemprop="addressRegion">WA</span></span></span>
    <meta itemprop="datePosted" content="2026-01-31"></div>`;
  const rdfa = microdata
    .replace(/itemscope itemtype="https:\/\/schema.org\/(\w+)"/g, 'typeof="$1"')
    .replaceAll("itemprop", "property");

  it.each([
    ["microdata", microdata],
    ["RDFa", rdfa],
  ])("are found in %s", (_, html) => {
    expect(read(html).postings).toEqual([
      expect.objectContaining({
        title: "Baker",
        company: expect.objectContaining({ name: "Acme" }),
        location: expect.objectContaining({
          city: "Kirkland",
          region: "Washington",
          country: "US",
        }),
        postedAt: "2026-01-31T00:00:00.000Z",
      }),
    ]);
    expect(read(html).postings[0]?.descriptionHtml).toContain("<b>Early</b>");
  });

  it("are told once when the page says the same in JSON-LD", () =>
    expect(titles(ld(job) + microdata)).toEqual(["Baker"]));

  it("take the heading when a theme marks the article but nothing in it", () => {
    const html =
      '<h1>Miller</h1><article itemscope itemtype="http://schema.org/JobPosting"><h2>About the job</h2><p>Grinds.</p></article>';
    expect(read(html).postings).toEqual([
      expect.objectContaining({ title: "Miller", descriptionText: "About the job\n\nGrinds." }),
    ]);
  });
});

describe("a page", () => {
  it("without structured data has no postings, whatever it looks like", () => {
    expect(titles("<h2>Software Engineer</h2><p>Location: Kirkland</p>")).toEqual([]);
    expect(titles(ld({ "@type": "NewsArticle", title: "Hiring" }))).toEqual([]);
  });

  it("tells its links, frames, feeds, next page and login form", () => {
    const page = read(
      `<meta property="og:site_name" content="Acme"><link rel="alternate" type="application/rss+xml" href="/jobs.rss">
       <a href="/jobs/1?utm_source=x">Baker</a><a rel="next" href="?page=2">2</a><iframe src="https://jobs.lever.co/acme"></iframe>
       <input type="password">`,
    );
    expect(page).toMatchObject({
      siteName: "Acme",
      feeds: ["https://acme.example.com/jobs.rss"],
      nextUrl: "https://acme.example.com/careers?page=2",
      asksForLogin: true,
      embeds: ["https://jobs.lever.co/acme"],
    });
    expect(page.links[0]).toEqual({
      url: "https://acme.example.com/jobs/1",
      text: "Baker",
      rel: "",
    });
  });

  it("is read in whatever charset it comes, a few broken bytes included", () => {
    const html = ld({ ...job, title: "Bäcker" });
    const latin = Uint8Array.from(html, (char) => char.charCodeAt(0));
    const from = { url: "https://a.example.com/", contentType: "text/html; charset=iso-8859-1" };
    expect(readPage(latin, from).postings[0]?.title).toBe("Bäcker");
    const utf8 = new TextEncoder().encode(`${"ü".repeat(50)}${html}`);
    const cut = Uint8Array.from([0xc3, ...utf8]);
    expect(readPage(cut, { ...from, contentType: "text/html" }).postings[0]?.title).toBe("Bäcker");
  });

  it("may hold whatever a hostile one thinks of, and is read all the same", () => {
    const long = (piece: string) => piece.repeat(100_000 / piece.length);
    for (const noise of [
      long("/"),
      long("<"),
      long("&amp;"),
      long(" "),
      long("."),
      long("("),
      long("1 "),
    ]) {
      const value = {
        ...job,
        url: `/jobs/${noise}x`,
        description: `${noise}x`,
        employmentType: noise,
        baseSalary: noise,
        jobLocation: noise,
        datePosted: noise,
      };
      expect(titles(`<a href="/${noise}x">y</a>${ld(value)}`)).toEqual(["Baker"]);
    }
    const marked = '<div itemscope itemtype="https://schema.org/JobPosting"><h1>A</h1>'.repeat(
      3000,
    );
    expect(titles(marked)).toHaveLength(500);
  });

  it("may be nested beyond all measure", () => {
    const deep =
      '<div itemscope itemtype="https://schema.org/JobPosting"><b itemprop="title">Deep</b>' +
      "<div>".repeat(30_000);
    expect(titles(deep)).toEqual(["Deep"]);
    expect(titles(ld(`${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`) + ld(job))).toEqual(["Baker"]);
  });
});

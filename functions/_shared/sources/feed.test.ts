import { describe, expect, it } from "vitest";
import { parseFeed } from "./feed.ts";
import { stripCompany, unpackTitles } from "./packed-title.ts";
import { UnreadableXml } from "./xml.ts";

const from = { url: "https://acme.example.com/jobs.xml", contentType: "application/xml" };
const parse = (source: string) => parseFeed(new TextEncoder().encode(source), from);
const rss = (title: string, items: string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>${title}</title>${items.join("")}</channel></rss>`;
const item = (title: string, rest = "") =>
  `<item><title>${title}</title><link>https://jobs.example.org/${encodeURIComponent(title)}</link>${rest}</item>`;

describe("parseFeed", () => {
  it("reads RSS of a company's own, whose name is in the channel's title", () => {
    const feed = parse(
      rss("Careers on Acme | Bread since 1900", [
        item(
          "Baker",
          "<guid>7</guid><pubDate>Thu, 22 Sep 2022 11:46:19 +0300</pubDate><description>&lt;p&gt;Bake&lt;/p&gt;</description>",
        ),
      ]),
    );
    expect(feed.postings).toEqual([
      expect.objectContaining({
        externalId: "7",
        title: "Baker",
        postedAt: "2022-09-22T08:46:19.000Z",
        descriptionHtml: "<p>Bake</p>",
        company: expect.objectContaining({ name: "Acme" }),
      }),
    ]);
  });

  it("reads Atom whose authors are the companies in the titles", () => {
    const entry = (title: string, author: string) =>
      `<entry><id>x:${title}</id><title>${title} @${author}</title><link rel="alternate" href="https://board.example/${title}"/><author><name>${author}</name></author><summary type="html">&lt;b&gt;Location:&lt;/b&gt; Hoża 1, Warszawa&lt;br/&gt;&lt;b&gt;Salary:&lt;/b&gt; 8000 - 12000 pln</summary></entry>`;
    const feed = parse(
      `<feed xmlns="http://www.w3.org/2005/Atom"><title>IT jobs</title><link rel="next" href="?page=2"/>${entry("Baker", "Acme")}${entry("Miller", "Bolt")}</feed>`,
    );
    expect(
      feed.postings.map(({ title, company, location, salary }) => [
        title,
        company.name,
        location.city,
        salary?.min,
      ]),
    ).toEqual([
      ["Baker", "Acme", "Warszawa", 8000],
      ["Miller", "Bolt", "Warszawa", 8000],
    ]);
    expect(feed.nextUrl).toBe("https://acme.example.com/jobs.xml?page=2");
  });

  it("reads the XML of job sites, well-formed or not", () => {
    const feed = parse(
      "<?xml version='1.0'?><rss><jobs><job id='1'><name><![CDATA[ Baker ]]></name><company>Acme & Sons</company><region>Poland</region><expire>05.09.2030</expire><position>1</position></job><job><title>Miller</title><city>Remote</city><country>NL</country><company>Bolt</company></job></jobs></rss>",
    );
    expect(feed.postings).toEqual([
      expect.objectContaining({
        externalId: "1",
        title: "Baker",
        company: expect.objectContaining({ name: "Acme & Sons" }),
        location: expect.objectContaining({ raw: "Poland", country: "PL" }),
        validThrough: "2030-09-05T00:00:00.000Z",
      }),
      expect.objectContaining({
        title: "Miller",
        location: expect.objectContaining({ city: null, country: "NL", workplace: "remote" }),
      }),
    ]);
  });

  it("reads HTML that stands unescaped in a description, and JSON feeds", () => {
    expect(
      parse(rss("Jobs", [item("Baker", "<description><p>Bake <b>bread</b></p></description>")]))
        .postings[0]?.descriptionHtml,
    ).toBe("<p>Bake <b>bread</b></p>");
    expect(
      parse(
        '{"title":"Acme","jobs":[{"jobTitle":"Baker","companyName":"Acme","jobUrl":"https://acme.com/1"}]}',
      ).postings[0],
    ).toMatchObject({ title: "Baker", url: "https://acme.com/1" });
  });

  it("finds nothing in a feed that is not about jobs", () => {
    const blog =
      "<rss><channel><title>Bread news</title><item><title>Spring</title><link>https://a.example/spring</link></item></channel></rss>";
    expect(
      parseFeed(new TextEncoder().encode(blog), { ...from, url: "https://a.example/rss" }),
    ).toMatchObject({ aboutJobs: false, postings: [], entries: 1 });
  });

  it.each([
    ["what is no XML", "b'<?xml version=\"1.0\"?><rss/>'", /not XML/],
    ["a web page", "<!doctype html><html><body>Not found</body></html>", /web page/],
    ["a notice in XML", "<?xml version='1.0'?><error><message>Closed</message></error>", /no feed/],
    ["a stub", "<<<&&& nothing", /no feed/],
    [
      "declared entities",
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>',
      /entities/,
    ],
  ])("refuses %s", (_, source, reason) => {
    expect(() => parse(source)).toThrow(UnreadableXml);
    expect(() => parse(source)).toThrow(reason);
  });
});

describe("unpackTitles", () => {
  const unpack = (titles: string[], manySites = false) =>
    unpackTitles(
      titles.map((title) => ({ title, company: null, author: null })),
      manySites,
    );

  it.each([
    ["Acme: Baker", "Bolt: Miller, Senior", "Carl's: Cook"],
    ["Baker at Acme", "Miller, Senior at Bolt", "Cook at Carl's"],
    ["Baker @Acme", "Miller, Senior @Bolt", "Cook @Carl's"],
  ])("learns from the whole feed that %s names a company", (...titles) => {
    expect(unpack(titles)).toEqual([
      { title: "Baker", company: "Acme" },
      { title: "Miller, Senior", company: "Bolt" },
      { title: "Cook", company: "Carl's" },
    ]);
  });

  it("believes a company behind a dash only in a feed of many sites", () => {
    const titles = ["Baker - Acme", "Miller - night - Bolt", "Cook - Carl's"];
    expect(unpack(titles, true)[1]).toEqual({ title: "Miller - night", company: "Bolt" });
    expect(unpack(titles)[1]).toEqual({ title: "Miller - night - Bolt", company: null });
  });

  it("takes places, departments and genders for no companies", () => {
    for (const titles of [
      ["Sales: Agent", "Finance: Clerk", "Support: Agent"],
      ["A - Germany", "B - France", "C - Remote"],
      ["A - m/w/d", "B - m/w/d", "C - m/w/d"],
    ]) {
      expect(unpack(titles, true).every(({ company }) => company === null)).toBe(true);
    }
  });

  it("cuts a known company off both ends, a shorter spelling too", () => {
    expect(stripCompany("Acme World — Baker at ACME world", "Acme World")).toBe("Baker");
    expect(stripCompany("Baker - Alpine", "Alpine Shire Council")).toBe("Baker");
    expect(stripCompany("Baker - Night Shift", "Acme")).toBe("Baker - Night Shift");
  });
});

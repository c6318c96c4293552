import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAshby } from "./ashby.ts";
import { NotThisBoard } from "./board-page.ts";
import { parseGreenhouse } from "./greenhouse.ts";
import { parseLever } from "./lever.ts";
import { parsePersonio } from "./personio.ts";
import { parseRecruitee } from "./recruitee.ts";
import { parseSmartRecruiters } from "./smartrecruiters.ts";
import { parseWorkable } from "./workable.ts";

const from = { url: "https://acme.example.com/list", contentType: null };
const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

describe("parseGreenhouse", () => {
  const job = {
    id: 1,
    internal_job_id: 9,
    title: "Baker ",
    absolute_url: "https://acme.com/jobs?gh_jid=1",
    location: { name: "Remote, US" },
    company_name: "Acme",
    first_published: "2026-04-17T05:58:03-04:00",
    content: "&lt;p&gt;Bake &amp;amp; sell&lt;/p&gt;",
    departments: [{ name: "Kitchen" }],
  };

  it("reads a board, unescaping its texts", () => {
    expect(parseGreenhouse(bytes({ jobs: [job], meta: { total: 1 } }), from).postings).toEqual([
      expect.objectContaining({
        externalId: "1",
        title: "Baker",
        url: "https://acme.com/jobs?gh_jid=1",
        department: "Kitchen",
        postedAt: "2026-04-17T09:58:03.000Z",
        descriptionHtml: "<p>Bake &amp; sell</p>",
        location: expect.objectContaining({ country: "US", workplace: "remote" }),
      }),
    ]);
  });

  it("passes over prospect posts, and bears a bare list and a missing location", () => {
    const page = parseGreenhouse(
      bytes([
        { ...job, location: null },
        { ...job, id: 2, internal_job_id: null },
      ]),
      from,
    );
    expect(page).toMatchObject({ entries: 2, skipped: 1 });
    expect(page.postings[0]?.location.raw).toBeNull();
  });
});

describe("parseLever", () => {
  it("reads texts in parts, places in lists and times in milliseconds", () => {
    const [posting] = parseLever(
      bytes([
        {
          id: "a-1",
          text: "Baker",
          hostedUrl: "https://jobs.lever.co/acme/a-1",
          country: "DE",
          workplaceType: "on-site",
          createdAt: 1_779_223_091_267,
          categories: {
            location: ["Berlin", "Germany"],
            allLocations: ["Berlin, Germany", "Bonn"],
            commitment: "Full-time",
            team: "Kitchen",
          },
          salaryRange: { min: 1, max: 2, currency: "EUR", interval: "per-hour-wage" },
          description: "<p>One</p>",
          lists: [{ text: "You", content: "<li>bake</li>" }],
          additional: "<p>Two</p>",
        },
      ]),
      from,
    ).postings;
    expect(posting).toMatchObject({
      location: {
        raw: "Berlin, Germany; Bonn",
        city: "Berlin",
        country: "DE",
        workplace: "onsite",
      },
      employmentType: "full_time",
      department: "Kitchen",
      salary: { min: 1, max: 2, currency: "EUR", period: "hour" },
      descriptionText: "One\n\nYou\n\n- bake\n\nTwo",
    });
  });
});

describe("parseAshby", () => {
  it("passes over unlisted postings and prefers the stated workplace to the remote flag", () => {
    const job = {
      id: "1",
      title: " Baker",
      location: "Bonn (HQ)",
      secondaryLocations: [{ location: "Köln" }],
      isRemote: true,
      workplaceType: "Hybrid",
      isListed: true,
      jobUrl: "https://jobs.ashbyhq.com/acme/1",
      address: { postalAddress: { addressLocality: "Bonn", addressCountry: "Germany" } },
      compensation: {
        summaryComponents: [
          { compensationType: "EquityPercentage" },
          {
            compensationType: "Salary",
            minValue: 5,
            maxValue: 6,
            currencyCode: "EUR",
            interval: "1 MONTH",
          },
        ],
      },
    };
    const page = parseAshby(bytes({ jobs: [job, { ...job, id: "2", isListed: false }] }), from);
    expect(page.skipped).toBe(1);
    expect(page.postings).toEqual([
      expect.objectContaining({
        title: "Baker",
        location: {
          raw: "Bonn (HQ); Köln",
          city: "Bonn",
          region: null,
          country: "DE",
          workplace: "hybrid",
        },
        salary: { min: 5, max: 6, currency: "EUR", period: "month" },
      }),
    ]);
  });
});

describe("parseRecruitee", () => {
  it("reads flags, fields and older salary names, and passes over blank titles and drafts", () => {
    const offer = {
      id: 1,
      title: "Baker",
      careers_url: "https://acme.recruitee.com/o/baker",
      city: "Utrecht",
      country_code: "NL",
      location: null,
      remote: false,
      hybrid: true,
      min_salary: 2000,
      max_salary: 2500,
      currency: "EUR",
      salary_period: "per month",
      published_at: "2026-07-17 11:00:39 UTC",
    };
    const page = parseRecruitee(
      bytes({ offers: [offer, { ...offer, title: "" }, { ...offer, id: 3, status: "draft" }] }),
      from,
    );
    expect(page.skipped).toBe(2);
    expect(page.postings[0]).toMatchObject({
      location: { raw: "Utrecht", country: "NL", workplace: "hybrid" },
      salary: { min: 2000, period: "month" },
    });
  });
});

describe("parseWorkable", () => {
  it("reads the widget's and the third version's shape, building the address from the shortcode", () => {
    const widget = {
      name: "Acme",
      jobs: [
        {
          title: "Baker",
          shortcode: "AB1",
          url: "https://apply.workable.com/j/AB1",
          city: "Boston",
          state: "Massachusetts",
          country: "United States",
          telecommuting: true,
          published_on: "2026-06-22",
        },
        { title: "" },
      ],
    };
    expect(parseWorkable(bytes(widget), from)).toMatchObject({
      skipped: 1,
      postings: [
        {
          company: { name: "Acme" },
          location: {
            raw: "Boston, Massachusetts, United States",
            country: "US",
            workplace: "remote",
          },
        },
      ],
    });
    const third = {
      total: 1,
      results: [
        {
          title: "Baker",
          shortcode: "AB1",
          state: "published",
          location: {
            country: "France",
            countryCode: "FR",
            city: "Paris",
            region: "Île-de-France",
          },
          workplace: "hybrid",
          type: "full",
        },
      ],
    };
    expect(parseWorkable(bytes(third), from).postings[0]).toMatchObject({
      url: "https://apply.workable.com/j/AB1",
      location: { city: "Paris", region: "Île-de-France", country: "FR", workplace: "hybrid" },
    });
  });
});

describe("parsePersonio", () => {
  it("reads ids as elements or attributes, offices and texts in parts", () => {
    const xml = `<?xml version="1.0"?><workzag-jobs>
      <position><id>7</id><name>Baker</name><subcompany>Acme GmbH</subcompany><office>Bonn</office><additionalOffices><office>Köln</office></additionalOffices><schedule>part-time</schedule>
        <jobDescriptions><jobDescription><name>You</name><value><![CDATA[<p>bake & sell</p>]]></value></jobDescription></jobDescriptions></position>
      <position id="p-8"><name>Miller</name></position></workzag-jobs>`;
    expect(parsePersonio(bytes(xml), from).postings).toEqual([
      expect.objectContaining({
        externalId: "7",
        url: "https://acme.example.com/job/7",
        employmentType: "part_time",
        descriptionText: "You\n\nbake & sell",
        location: expect.objectContaining({ raw: "Bonn; Köln", city: "Bonn" }),
      }),
      expect.objectContaining({ externalId: "p-8", title: "Miller", descriptionHtml: "" }),
    ]);
  });
});

describe("parseSmartRecruiters", () => {
  it("reads a page of the list and builds the public address", () => {
    const list = {
      totalFound: 250,
      content: [
        {
          id: "74",
          name: "Baker",
          ref: "https://api.smartrecruiters.com/v1/companies/Acme1/postings/74",
          location: { countryCode: "gb", fullLocation: "London, , United Kingdom" },
          typeOfEmployment: { label: "Full-time" },
        },
      ],
    };
    expect(parseSmartRecruiters(bytes(list), from)).toMatchObject({
      total: 250,
      entries: 1,
      postings: [
        {
          url: "https://jobs.smartrecruiters.com/Acme1/74",
          location: { raw: "London, United Kingdom", city: "London", country: "GB" },
        },
      ],
    });
  });

  it("reads a single posting with its text", () => {
    const detail = {
      id: "74",
      name: "Baker",
      postingUrl: "https://jobs.smartrecruiters.com/Acme/74-baker",
      jobAd: { sections: { jobDescription: { title: "Job", text: "<p>Bake</p>" } } },
    };
    expect(parseSmartRecruiters(bytes(detail), from).postings[0]?.descriptionText).toBe(
      "Job\n\nBake",
    );
  });
});

describe("every board's parser", () => {
  const parsers = {
    parseAshby,
    parseGreenhouse,
    parseLever,
    parsePersonio,
    parseRecruitee,
    parseSmartRecruiters,
    parseWorkable,
  };

  it.each(Object.entries(parsers))("%s says so when the body is something else", (_, parse) => {
    for (const body of ["", "<html><body>Sign in</body></html>", '{"error":"x"}', "null", '"x"']) {
      expect(() => parse(bytes(body), from)).toThrow(NotThisBoard);
    }
  });

  it("bears entries of any shape", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.jsonValue(),
            fc.dictionary(
              fc.constantFrom(
                "id",
                "title",
                "text",
                "name",
                "location",
                "categories",
                "jobUrl",
                "company",
                "locations",
              ),
              fc.jsonValue(),
            ),
          ),
        ),
        (entries) => {
          parseGreenhouse(bytes({ jobs: entries }), from);
          parseLever(bytes(entries), from);
          parseAshby(bytes({ jobs: entries }), from);
          parseRecruitee(bytes({ offers: entries }), from);
          parseWorkable(bytes({ jobs: entries }), from);
          parseSmartRecruiters(bytes({ content: entries }), from);
        },
      ),
    );
  });
});

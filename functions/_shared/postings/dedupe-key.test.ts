import { describe, expect, it } from "vitest";
import { buildPosting, type PostingDraft, withCompany } from "./build-posting.ts";
import { separateOpenings, titleKey } from "./dedupe-key.ts";
import type { Posting } from "./posting.ts";

const draft: PostingDraft = {
  externalId: "1",
  url: "https://jobs.example.com/1",
  title: "Senior Developer (m/w/d)",
  company: { name: "Acme GmbH" },
  location: { raw: "Berlin, Germany" },
};
const build = (changes: PostingDraft): Posting => {
  const posting = buildPosting({ ...draft, ...changes });
  if (posting === null) throw new Error("no posting");
  return posting;
};

describe("dedupeKey", () => {
  it("is the same for one opening told by two sources", () => {
    const elsewhere = build({
      externalId: "gh-77",
      url: "https://board.example.org/acme/77",
      title: "Senior Developer",
      company: { name: "ACME" },
      location: { city: "Berlin", country: "DE" },
    });
    expect(elsewhere.dedupeKey).toBe(build({}).dedupeKey);
  });

  it("differs by title, company and place", () => {
    const others = [
      build({ title: "Junior Developer" }),
      build({ company: { name: "Bolt AG" } }),
      build({ location: { raw: "Hamburg" } }),
    ];
    const keys = new Set([build({}), ...others].map((posting) => posting.dedupeKey));
    expect(keys.size).toBe(4);
  });

  it("falls back to the address when no company is known, and changes once one is", () => {
    const nameless = build({ company: {} });
    expect(nameless.dedupeKey).toMatch(/^u:/);
    expect(withCompany(nameless, { name: "Acme", domain: "acme.com" }).dedupeKey).toBe(
      build({}).dedupeKey,
    );
  });

  it.each(["Koch (m/w/d)", "Koch (all genders)", "Koch m/f/d", "KOCH (gn)", "Koch:in"])(
    "sees one title in %s",
    (title) => {
      expect(titleKey(title)).toBe("koch");
    },
  );
});

describe("withCompany", () => {
  it("gives the site's domain to a posting that names the company, but never to another employer", () => {
    const site = { name: "Acme", domain: "acme.com" };
    expect(withCompany(build({}), site).company.domain).toBe("acme.com");
    expect(withCompany(build({ company: { name: "Bolt AG" } }), site).company.domain).toBeNull();
  });
});

describe("separateOpenings", () => {
  it("keeps two requisitions for the same role apart, whatever order they come in", () => {
    const [one, two] = [build({ externalId: "1" }), build({ externalId: "2" })];
    const keys = separateOpenings([one, two]).map((posting) => [
      posting.externalId,
      posting.dedupeKey,
    ]);
    expect(new Set(keys.map(([, key]) => key)).size).toBe(2);
    expect(
      separateOpenings([two, one])
        .map((posting) => [posting.externalId, posting.dedupeKey])
        .sort(),
    ).toEqual(keys.sort());
    expect(keys[0]?.[1]).toBe(one.dedupeKey);
  });

  it("takes the same id, or the same address, for one posting", () => {
    expect(separateOpenings([build({}), build({})])).toHaveLength(1);
    const nameless = build({ externalId: null });
    expect(separateOpenings([nameless, nameless])).toHaveLength(1);
  });

  it("tells postings without ids apart by their own addresses, not by that of their list", () => {
    const at = (url: string, title = "Cook") => build({ externalId: null, url, title });
    const own = [at("https://a.example/1"), at("https://a.example/2")];
    expect(separateOpenings(own)).toHaveLength(2);
    const list = [at("https://a.example/list"), at("https://a.example/list", "Baker")];
    expect(separateOpenings([...list, at("https://a.example/1")])).toHaveLength(2);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildPosting } from "./build-posting.ts";
import { parseEmploymentType } from "./employment-type.ts";
import { postingSchema } from "./posting.ts";

describe("buildPosting", () => {
  it("is nothing without a title", () => {
    expect(buildPosting({ title: "  &nbsp; " })).toBeNull();
    expect(buildPosting({})).toBeNull();
  });

  it("cleans the title of entities, tags and invisible characters", () => {
    expect(buildPosting({ title: " R&amp;D \u200bLead <b>(f/m)</b>\n " })?.title).toBe(
      "R&D Lead (f/m)",
    );
  });

  it("takes an unknown end for unknown, not for 1970", () => {
    expect(
      buildPosting({ title: "X", validThrough: "1970-01-01T00:00:00.000Z" })?.validThrough,
    ).toBeNull();
  });

  it("learns of remote work from the title when no place is named", () => {
    expect(buildPosting({ title: "Engineer - Remote" })?.location.workplace).toBe("remote");
  });

  it("makes a valid posting of whatever a source sends", () => {
    const wild = fc.oneof(fc.string({ maxLength: 600 }), fc.anything());
    const draft = fc.record({
      title: fc.string({ minLength: 1 }),
      url: wild,
      externalId: wild,
      department: wild,
      employmentType: wild,
      postedAt: wild,
      description: wild,
      company: fc.record({ name: wild, url: wild, logoUrl: wild }),
      location: fc.record({
        raw: wild,
        city: wild,
        region: wild,
        country: wild,
        workplace: wild,
        remote: wild,
      }),
    });
    fc.assert(
      fc.property(draft, (value) => {
        const posting = buildPosting(value);
        if (posting !== null) expect(postingSchema.parse(posting)).toEqual(posting);
      }),
    );
  });
});

describe("parseEmploymentType", () => {
  it.each([
    ["FULL_TIME", "full_time"],
    ["FullTime", "full_time"],
    ["Vollzeit", "full_time"],
    ["Pełny etat", "full_time"],
    ["https://schema.org/FULL_TIME", "full_time"],
    [["INTERN", "TEMPORARY"], "internship"],
    [["full-time", "permanent"], "full_time"],
    ["Teilzeit", "part_time"],
    ["Regular Full Time (Salary)", "full_time"],
    ["Freelance", "contract"],
    ["Ausbildung", "apprenticeship"],
    ["OTHER", "other"],
    ["", null],
    [null, null],
  ])("reads %s as %s", (written, type) => expect(parseEmploymentType(written)).toBe(type));
});

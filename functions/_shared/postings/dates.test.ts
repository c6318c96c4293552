import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDate } from "./dates.ts";

const now = Date.UTC(2026, 4, 20, 12);

describe("parseDate", () => {
  it.each([
    ["2026-07-17", "2026-07-17T00:00:00.000Z"],
    ["2026-07-17 11:00:39 UTC", "2026-07-17T11:00:39.000Z"],
    ["2026-08-15T08:00:00+0200", "2026-08-15T06:00:00.000Z"],
    ["2026-08-04T07:02:31-04:00", "2026-08-04T11:02:31.000Z"],
    ["Tue, 14 Jul 2026 00:00:00 EST", "2026-07-14T05:00:00.000Z"],
    ["05.07.2023", "2023-07-05T00:00:00.000Z"],
    ["31/12/2025", "2025-12-31T00:00:00.000Z"],
    ["12/31/2025", "2025-12-31T00:00:00.000Z"],
    ["2025/3/9", "2025-03-09T00:00:00.000Z"],
    ["March 3, 2026", "2026-03-03T00:00:00.000Z"],
    [1_779_223_091_267, "2026-05-19T20:38:11.267Z"],
    [1_779_223_091, "2026-05-19T20:38:11.000Z"],
    ["1779223091267", "2026-05-19T20:38:11.267Z"],
  ])("reads %s", (written, iso) => {
    expect(parseDate(written)).toBe(iso);
  });

  it.each([
    "1970-01-01T00:00:00.000Z",
    0,
    "Mon, 01 Jan 0001 00:00:00 +0000",
    "9999-12-31",
    "31.02.2026",
    "soon",
    "",
    null,
    {},
  ])("takes %s for unknown", (written) => {
    expect(parseDate(written, now)).toBeNull();
  });

  it.each([
    ["3 days ago", "2026-05-17T12:00:00.000Z"],
    ["vor 2 Wochen", "2026-05-06T12:00:00.000Z"],
    ["il y a 5 heures", "2026-05-20T07:00:00.000Z"],
    ["Posted 30+ days ago", "2026-04-20T12:00:00.000Z"],
    ["yesterday", "2026-05-19T12:00:00.000Z"],
    ["Just posted", "2026-05-20T12:00:00.000Z"],
  ])("counts %s back from the clock", (written, iso) => {
    expect(parseDate(written, now)).toBe(iso);
  });

  it("gives every date back that it was given in ISO 8601", () => {
    const dates = fc.date({
      min: new Date(Date.UTC(1991, 0)),
      max: new Date(Date.UTC(2099, 0)),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseDate(date.toISOString())).toBe(date.toISOString());
      }),
    );
  });

  it("never throws and never answers anything but ISO 8601", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.anything()), (value) => {
        const parsed = parseDate(value, now);
        if (parsed !== null) expect(new Date(parsed).toISOString()).toBe(parsed);
      }),
    );
  });
});

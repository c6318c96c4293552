import { expect, it } from "vitest";
import { formatDate, formatDuration, formatMoment } from "./time.ts";

it("shows a day that a source named as that day, wherever one is", () => {
  const day = "2026-11-20T00:00:00+00:00";
  const named = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
  expect(formatDate(day)).toBe(named.format(new Date(day)));
  expect(formatMoment(day, new Date(day))).toBe(formatDate(day));
});

it("never says that an hour has sixty minutes", () => {
  expect(formatDuration(3_599)).toBe("59 min");
  expect(formatDuration(3_600)).toBe("1 h 0 min");
});

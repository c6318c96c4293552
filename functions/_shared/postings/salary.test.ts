import { describe, expect, it } from "vitest";
import { parseSalaryText, readSalary } from "./salary.ts";

describe("parseSalaryText", () => {
  it.each([
    ["$211.4K – $290.6K • Offers Equity", 211_400, 290_600, "USD", null],
    ["180-280K USD a year", 180_000, 280_000, "USD", "year"],
    ["De 500€ à 1700€ par mois", 500, 1700, "EUR", "month"],
    ["45.000 € - 55.000 € brutto / Jahr", 45_000, 55_000, "EUR", "year"],
    ["CHF 100'000 - 120'000", 100_000, 120_000, "CHF", null],
    ["od 3 500 zł do 4 500 zł", 3500, 4500, "PLN", null],
    ["$50 - $60/hr", 50, 60, "USD", "hour"],
    ["£35k per annum", 35_000, 35_000, "GBP", "year"],
    ["Up to $75,000/year", null, 75_000, "USD", "year"],
    ["Starting at 2.800,50 € im Monat", 2800.5, null, "EUR", "month"],
    ["Full time Band 7A annual salary: $100,353 (pro rata)", 100_353, 100_353, "USD", "year"],
    ["$100,353 per year + Super, monthly days off", 100_353, 100_353, "USD", "year"],
  ])("reads %s", (written, min, max, currency, period) => {
    expect(parseSalaryText(written)).toEqual({ min, max, currency, period });
  });

  it.each([
    "Competitive",
    "5000",
    "2 years of experience",
    "401k match",
    "Token grant 3,400,000 GLNA",
    "",
    null,
  ])("finds no salary in %s", (written) => expect(parseSalaryText(written)).toBeNull());
});

describe("readSalary", () => {
  it("reads the fields of board APIs, also when numbers are texts", () => {
    const salary = readSalary({
      min: "60000",
      max: "80000",
      currency: "EUR",
      period: "per-year-salary",
    });
    expect(salary).toEqual({ min: 60_000, max: 80_000, currency: "EUR", period: "year" });
  });

  it("puts swapped ends right and drops what cannot be a salary", () => {
    expect(readSalary({ min: 90, max: 60, currency: "usd", period: "HOUR" })).toEqual({
      min: 60,
      max: 90,
      currency: "USD",
      period: "hour",
    });
    expect(readSalary({ min: 0, max: null, currency: "EUR" })).toBeNull();
    expect(readSalary({ min: 1e15 })).toBeNull();
  });
});

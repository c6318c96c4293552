import fc from "fast-check";
import { expect, test } from "vitest";
import type { CompanyRow } from "../../lib/rows.ts";
import { type CompanyFilter, companyFilter, companyOrder } from "./company-query.ts";

const all: CompanyFilter = { search: "", show: "all", lead: [], has: [] };
const nobody = new Set<string>();

const company = (part: Partial<CompanyRow>): CompanyRow => ({
  id: "id",
  session_id: "s",
  owner_id: "o",
  company_id: "c",
  revision: 1,
  status: "active",
  name: "Crème Söhne",
  domain: "creme.example",
  industry: null,
  employees: null,
  city: "Köln",
  country: "DE",
  selected: false,
  lead_status: "new",
  jobs_count: 0,
  emails_count: 0,
  phones_count: 0,
  people_count: 0,
  enriched_at: null,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  ...part,
});

test("finds a company by parts of its name, domain and place, whatever the accents and case", () => {
  const find = (search: string) => companyFilter({ ...all, search }, nobody)(company({}));
  expect(find("CREME koln")).toBe(true);
  expect(find("söhne")).toBe(true);
  expect(find("creme berlin")).toBe(false);
});

test("leaves removed companies out", () => {
  expect(companyFilter(all, nobody)(company({ status: "removed" }))).toBe(false);
});

test("shows those whose enrichment failed", () => {
  const failed = companyFilter({ ...all, show: "failed" }, new Set(["c"]));
  expect(failed(company({}))).toBe(true);
  expect(failed(company({ company_id: "d" }))).toBe(false);
});

test("asks for everything that is ticked", () => {
  const filter = companyFilter({ ...all, has: ["email", "person"] }, nobody);
  expect(filter(company({ emails_count: 1 }))).toBe(false);
  expect(filter(company({ emails_count: 1, people_count: 2 }))).toBe(true);
});

test("sorts companies without a value last, in both directions", () => {
  const rows = [company({ employees: null }), company({ employees: 5 }), company({ employees: 9 })];
  const sizes = (descending: boolean) =>
    rows.toSorted(companyOrder("employees", descending)).map((row) => row.employees);
  expect(sizes(false)).toEqual([5, 9, null]);
  expect(sizes(true)).toEqual([9, 5, null]);
});

test("every order is a total preorder", () => {
  const row = fc
    .record({
      name: fc.string(),
      employees: fc.option(fc.nat()),
      city: fc.option(fc.string()),
      country: fc.option(fc.constantFrom("DE", "NL")),
      jobs_count: fc.nat(5),
    })
    .map(company);
  const column = fc.constantFrom("name", "employees", "place", "jobs", "lead");
  fc.assert(
    fc.property(row, row, row, column, fc.boolean(), (a, b, c, by, descending) => {
      const order = companyOrder(by, descending);
      expect(Math.sign(order(a, b))).toBe(-Math.sign(order(b, a)) + 0);
      if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});

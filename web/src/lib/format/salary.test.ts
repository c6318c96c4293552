import { expect, it } from "vitest";
import { formatSalary } from "./salary.ts";

const posting = { salary_min: null, salary_max: null, salary_currency: null, salary_period: null };

it("does not show a lower or an upper limit as the salary itself", () => {
  expect(formatSalary(posting)).toBeNull();
  expect(formatSalary({ ...posting, salary_min: 500 })).toBe("from 500");
  expect(formatSalary({ ...posting, salary_max: 700 })).toBe("up to 700");
  expect(formatSalary({ ...posting, salary_min: 500, salary_max: 700 })).toBe("500 – 700");
  expect(formatSalary({ ...posting, salary_min: 500, salary_max: 500 })).toBe("500");
});

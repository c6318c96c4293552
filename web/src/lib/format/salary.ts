import type { PostingRow } from "../rows.ts";
import { postingTexts } from "../texts/posting.ts";

type Salary = Pick<PostingRow, "salary_min" | "salary_max" | "salary_currency" | "salary_period">;

/** "€52,000 – €70,000 a year", "from €52,000 a year"; null when the posting names none. */
export function formatSalary(posting: Salary): string | null {
  const { salary_min: min, salary_max: max, salary_currency: currency } = posting;
  if (min === null && max === null) return null;
  const format = moneyFormat(currency);
  const range =
    min === null || max === null
      ? postingTexts[min === null ? "upTo" : "from"](format.format(min ?? max ?? 0))
      : [...new Set([min, max].map((end) => format.format(end)))].join(" – ");
  const per = posting.salary_period ? postingTexts.per[posting.salary_period] : undefined;
  return [range, per].filter(Boolean).join(" ");
}

const formats = new Map<string | null, Intl.NumberFormat>();

function moneyFormat(currency: string | null): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const money = currency !== null && /^[A-Z]{3}$/.test(currency);
  const format = new Intl.NumberFormat(undefined, {
    maximumFractionDigits: 0,
    ...(money ? { style: "currency", currency } : {}),
  });
  formats.set(currency, format);
  return format;
}

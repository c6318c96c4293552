import type { Salary, SalaryPeriod } from "./posting.ts";

export type SalaryDraft = {
  min?: unknown;
  max?: unknown;
  currency?: unknown;
  period?: unknown;
};

const symbols: [RegExp, string][] = [
  [/(?:US|U\.S\.)\s?\$/i, "USD"],
  [/(?:CA|C|CAD)\s?\$/, "CAD"],
  [/(?:AU|A|AUD)\s?\$/, "AUD"],
  [/S\$/, "SGD"],
  [/R\$/, "BRL"],
  [/€/, "EUR"],
  [/£/, "GBP"],
  [/₹|\brs\.?(?=\s?\d)|\blpa\b/i, "INR"],
  [/zł|\bpln\b/i, "PLN"],
  [/kč|\bczk\b/i, "CZK"],
  [/₪/, "ILS"],
  [/₺/, "TRY"],
  [/₩/, "KRW"],
  [/¥/, "JPY"],
  [/\$/, "USD"],
];
const codes =
  /\b(USD|EUR|GBP|CHF|CAD|AUD|NZD|PLN|CZK|SEK|NOK|DKK|HUF|RON|BGN|INR|SGD|HKD|JPY|CNY|ILS|TRY|BRL|MXN|ZAR|AED|SAR|UAH|NGN|KRW)\b/i;

const periods: [RegExp, SalaryPeriod][] = [
  [
    /\b(hour\w*|hr|hrs|hourly|stunde\w*|std|heure|horaire|hora|uur|godz\w*|tim)\b|\/\s?h\b/i,
    "hour",
  ],
  [/\b(daily|day|tag|tages\w*|jour|dia|dag|dzien)\b/i, "day"],
  [/\b(week\w*|woche|wochen\w*|semaine|semana)\b/i, "week"],
  [/\b(month\w*|mo|monat\w*|mois|mensuel\w*|mes|mensual\w*|maand|miesi\w*|mtl|pm)\b/i, "month"],
  [/\b(year\w*|yr|annual\w*|annum|jahr\w*|an|annuel\w*|ano|jaar|rok|pa|p\.a\.|lpa)\b/i, "year"],
];

export function parseSalaryPeriod(value: unknown): SalaryPeriod | null {
  if (typeof value !== "string") return null;
  const words = value.replace(/[_-]/g, " ").replace(/([a-z])([A-Z])/g, "$1 $2");
  // The word nearest to the beginning: "per year, monthly bonus" is per year.
  let nearest: { at: number; period: SalaryPeriod } | null = null;
  for (const [pattern, period] of periods) {
    const at = words.search(pattern);
    if (at >= 0 && (nearest === null || at < nearest.at)) nearest = { at, period };
  }
  return nearest?.period ?? null;
}

function currencyOf(text: string): string | null {
  return (
    codes.exec(text)?.[1]?.toUpperCase() ?? symbols.find(([mark]) => mark.test(text))?.[1] ?? null
  );
}

/** "1.234,56", "1,234.56", "75 000", "211.4K" → a number; null when it is none. */
function readAmount(digits: string, thousands: boolean): number | null {
  let text = digits.replace(/[\s\u00A0\u202F'’]/g, "");
  const lastDot = text.lastIndexOf(".");
  const lastComma = text.lastIndexOf(",");
  const mark = Math.max(lastDot, lastComma);
  if (mark >= 0) {
    const decimals = text.length - mark - 1;
    const both = lastDot >= 0 && lastComma >= 0;
    // Three digits after the only mark are thousands, unless a K follows ("14.375K").
    const decimal = both || decimals !== 3 || thousands;
    const whole = text.slice(0, mark).replace(/[.,]/g, "");
    text = decimal ? `${whole}.${text.slice(mark + 1)}` : text.replace(/[.,]/g, "");
  }
  const amount = Number(text) * (thousands ? 1000 : 1);
  return Number.isFinite(amount) ? amount : null;
}

const number = String.raw`\d{1,3}(?:[.,\s\u00A0\u202F'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?`;
const mark = String.raw`(?:[A-Z]{0,3}\s?[$€£₹¥₪₺₩]|z[łl]|K[čc]|[A-Z]{3}\b)`;
const amountText = String.raw`(${number})\s?(k\b)?\s?${mark}?`;
const per = String.raw`(?:\s?(?:\/|per|par|pro|a|an|im)\s?\w+)?`;
const range = String.raw`${amountText}${per}\s?(?:-|–|—|to|bis|à|a|and|und|tot|do)\s?${mark}?\s?${amountText}`;
/** An amount behind its currency first: other numbers in the text are no money. */
const ranges = [new RegExp(`${mark}\\s?${range}`, "i"), new RegExp(range, "i")];
const singles = [
  new RegExp(`[$€£₹¥₪₺₩]\\s?${amountText}`, "i"),
  new RegExp(String.raw`(${number})\s?(?:(k)\b\s?)?${mark}`, "i"),
  new RegExp(String.raw`(${number})\s?(k\b)`, "i"),
  new RegExp(amountText, "i"),
];

function firstMatch(patterns: readonly RegExp[], text: string): RegExpExecArray | null {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return match;
  }
  return null;
}

/** The period is said behind the amount ("… per year"), rarely before it ("annual salary: …"). */
function periodAround(text: string, match: RegExpExecArray): SalaryPeriod | null {
  const after = text.slice(match.index);
  return parseSalaryPeriod(after) ?? parseSalaryPeriod(text.slice(0, match.index));
}

/**
 * A salary out of free text ("$211.4K – $290.6K", "De 500€ à 1700€ par mois", "Up to $75,000/year").
 * Careful rather than eager: without a currency or a "k" a number is not a salary.
 */
export function parseSalaryText(value: unknown): Salary | null {
  if (typeof value !== "string") return null;
  // "401k" is a pension plan.
  const text = value.slice(0, 300).replace(/\b401\s?\(?k\b\)?/gi, "");
  const currency = currencyOf(text);
  if (currency === null && !/\d\s?k\b/i.test(text)) return null;
  const pair = firstMatch(ranges, text);
  if (pair !== null) {
    const thousands = pair[4] !== undefined;
    const max = readAmount(pair[3] ?? "", thousands);
    const low = readAmount(pair[1] ?? "", pair[2] !== undefined);
    // "180-280K": the K stands for both.
    const shared = thousands && pair[2] === undefined && low !== null && low < 1000;
    return finishSalary(shared ? low * 1000 : low, max, currency, periodAround(text, pair));
  }
  const match = firstMatch(singles, text);
  const amount = match === null ? null : readAmount(match[1] ?? "", match[2] !== undefined);
  if (match === null || amount === null) return null;
  const upTo = /\b(up to|bis zu|bis|jusqu|max|hasta|tot|do)\b/i.test(text);
  const from = /\b(from|starting|starts|ab|à partir|min|desde|vanaf|od)\b|\d\s?\+/i.test(text);
  const period = periodAround(text, match);
  return finishSalary(upTo ? null : amount, from ? null : amount, currency, period);
}

/** A salary out of separate fields, as the board APIs and schema.org give it. */
export function readSalary(draft: SalaryDraft): Salary | null {
  const currency = typeof draft.currency === "string" ? currencyOf(` ${draft.currency} `) : null;
  return finishSalary(
    fieldAmount(draft.min),
    fieldAmount(draft.max),
    currency,
    parseSalaryPeriod(draft.period),
  );
}

function fieldAmount(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string") return null;
  const match = firstMatch(singles, value.slice(0, 100));
  return match === null ? null : readAmount(match[1] ?? "", match[2] !== undefined);
}

/** Below a million million: the database keeps 14 digits, two of them decimals. */
const largest = 1e11;

function finishSalary(
  min: number | null,
  max: number | null,
  currency: string | null,
  period: SalaryPeriod | null,
): Salary | null {
  const low = min !== null && min > 0 && min < largest ? min : null;
  const high = max !== null && max > 0 && max < largest ? max : null;
  if (low === null && high === null) return null;
  const swap = low !== null && high !== null && low > high;
  return { min: swap ? high : low, max: swap ? low : high, currency, period };
}

import { fold } from "./plain-text.ts";

/** 1990: nothing posted online is older; 1970 and year 1 are what systems write for "unknown". */
const earliest = Date.UTC(1990, 0, 1);
/** 2100: "9999-12-31" means "no end", which is unknown too. */
const latest = Date.UTC(2100, 0, 1);

/**
 * Reads the dates that sources write: ISO 8601 (also "2026-07-17 11:00:39 UTC" and "+0200"),
 * RFC 2822, epoch seconds or milliseconds, dd.mm.yyyy, dd/mm/yyyy (month first only where the day
 * says so), "3 days ago". Answers ISO 8601 in UTC, or null when it is unknown or out of range.
 */
export function parseDate(value: unknown, now?: number): string | null {
  const time = readTime(value, now);
  if (time === null || Number.isNaN(time) || time < earliest || time >= latest) return null;
  return new Date(time).toISOString();
}

function readTime(value: unknown, now: number | undefined): number | null {
  if (typeof value === "number") return value > 1e11 ? value : value * 1000;
  if (typeof value !== "string") return null;
  const text = value.trim();
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  return isoTime(text) ?? numericDate(text) ?? relativeTime(text, now) ?? writtenTime(text);
}

function isoTime(text: string): number | null {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$/i.exec(
      text,
    );
  if (match === null) return null;
  const [, year, month, day, minutes = "00:00", seconds = ":00", zone = "Z"] = match;
  const offset = /^[+-]/.test(zone) ? zone.replace(/(\d{2}):?(\d{2})$/, "$1:$2") : "Z";
  return Date.parse(
    `${year}-${month}-${day}T${minutes}${seconds.replace(",", ".").slice(0, 7)}${offset}`,
  );
}

function numericDate(text: string): number | null {
  const match =
    /^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ ,T]+(\d{1,2}):(\d{2})(?::\d{2})?)?$/.exec(text);
  if (match === null) return null;
  const [first, second, third] = [Number(match[1]), Number(match[3]), Number(match[4])];
  const hour = Number(match[5] ?? 0);
  const minute = Number(match[6] ?? 0);
  if (first > 31) return dayTime(first, second, third, hour, minute);
  if (!/^\d{2}(\d{2})?$/.test(match[4] ?? "")) return null;
  const year = third < 100 ? 2000 + third : third;
  return second > 12
    ? dayTime(year, first, second, hour, minute)
    : dayTime(year, second, first, hour, minute);
}

function dayTime(year: number, month: number, day: number, hour: number, minute: number) {
  const time = Date.UTC(year, month - 1, day, hour, minute);
  // A 31 February rolls over to March: such a date is not one.
  return new Date(time).getUTCDate() === day && month <= 12 ? time : null;
}

const unitMs: Record<string, number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
};
const unitWords: [RegExp, string][] = [
  [/^(min|minute|minuten|minuto|minut)/, "minute"],
  [/^(h|hour|stunde|heure|hora|uur|uren|godzin)/, "hour"],
  [/^(d|day|tag|jour|dia|dag|dni|giorn)/, "day"],
  [/^(w|week|woche|semaine|semana|weken|tydzien|tygodn|settiman)/, "week"],
  [/^(mo|month|monat|mois|mes|maand|miesiac|mies)/, "month"],
];

function relativeTime(text: string, now: number | undefined): number | null {
  if (now === undefined || text.length > 60) return null;
  const words = fold(text);
  if (/\b(just (posted|now)|today|heute|aujourd hui|hoy|vandaag|dzisiaj|oggi)\b/.test(words))
    return now;
  if (/\b(yesterday|gestern|hier|ayer|gisteren|wczoraj|ieri)\b/.test(words))
    return now - 86_400_000;
  if (!/\b(ago|vor|il y a|hace|geleden|temu|fa|posted)\b/.test(words)) return null;
  const match = /(\d{1,3})\+? ?([a-z]+)/.exec(words);
  const unit = unitWords.find(([word]) => word.test(match?.[2] ?? ""))?.[1];
  return match === null || unit === undefined ? null : now - Number(match[1]) * (unitMs[unit] ?? 0);
}

/** RFC 2822 and "March 3, 2026"; without a zone they are read as UTC, not as the machine's zone. */
function writtenTime(text: string): number | null {
  // A year below 1900 ("0001") is a placeholder, which the runtime would read as 2001.
  if (!/\b(19|20)\d{2}\b/.test(text) || !/[a-z]{3}/i.test(text) || text.length > 60) return null;
  const zoned = /(\b[A-Z]{1,5}|[+-]\d{2}:?\d{2}|\))$/.test(text) ? text : `${text} UTC`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? null : time;
}

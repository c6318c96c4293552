const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayOfYear = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const dayInUtc = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/**
 * Time of day for today, a date before: such a text never changes under the reader's eyes, which
 * "3 minutes ago" does.
 */
export function formatMoment(iso: string, now = new Date()): string {
  if (isDay(iso)) return dayInUtc.format(new Date(iso));
  const at = new Date(iso);
  if (at.toDateString() === now.toDateString()) return clock.format(at);
  return (at.getFullYear() === now.getFullYear() ? day : dayOfYear).format(at);
}

export const formatTimeOfDay = (at: string | number): string => clockSeconds.format(new Date(at));
export const formatFullMoment = (iso: string): string => full.format(new Date(iso));
export const formatDate = (iso: string): string =>
  (isDay(iso) ? dayInUtc : dayOfYear).format(new Date(iso));

/** A source that names a day is kept as its midnight in UTC; west of Greenwich that is the day before. */
const isDay = (iso: string): boolean => /T00:00:00(\.0+)?(Z|\+00:00)$/.test(iso);

/** "9 s", "4 min", "2 h 5 min", "3 d 4 h". */
export function formatDuration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 600) return s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`;
}

/** A day: longer wishes are as good as "never", and the user decides about those. */
const maxSeconds = 24 * 60 * 60;

/** `Retry-After` as whole seconds from `now` (ms), whichever of its two forms it has; null when absent or broken. */
export function retryAfterSeconds(header: string | null, now: number): number | null {
  const value = header?.trim() ?? "";
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 0), maxSeconds) : null;
}

import type { Row } from "./delta.ts";

/**
 * `next`, with every part that equals `previous` replaced by that part of `previous`.
 * Equal values come back as the very same object, so that selectors see no change.
 */
export function shareEqual<T>(previous: unknown, next: T): T;
export function shareEqual(previous: unknown, next: unknown): unknown {
  if (Object.is(previous, next)) return previous;
  if (Array.isArray(previous) && Array.isArray(next)) {
    const shared = next.map((item, at) => shareEqual(previous[at], item));
    const same = shared.length === previous.length && shared.every((v, at) => v === previous[at]);
    return same ? previous : shared;
  }
  if (!isPlain(previous) || !isPlain(next)) return next;
  const keys = Object.keys(next);
  let same = keys.length === Object.keys(previous).length;
  const shared: Record<string, unknown> = {};
  for (const key of keys) {
    shared[key] = shareEqual(previous[key], next[key]);
    same &&= Object.is(shared[key], previous[key]) && key in previous;
  }
  return same ? previous : shared;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Gives the row every value that it has in common with `like`, in place: the row comes fresh from
 * `JSON.parse`, whose compact layout a copy would lose.
 *
 * Rows come in bursts that share owner, session, parent and timestamps, each parsed into a string
 * of its own. Sharing them with the row before takes 57 MB down to 34 for 50,000 postings.
 */
export function shareValues(like: Row | undefined, row: Record<string, unknown>): void {
  if (like === undefined) return;
  for (const column in row) row[column] = shareEqual(like[column], row[column]);
}

const POINTS = 120;

/**
 * How many had been found by when: the sum at up to 120 equally spaced moments.
 * @param times when each was found, in ms, oldest first
 * @returns x in seconds since 1970, as charts take it; null for fewer than two moments
 */
export function foundOverTime(
  times: readonly number[],
): { seconds: number[]; found: number[] } | null {
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined || first === last) return null;
  const seconds: number[] = [];
  const found: number[] = [];
  let at = 0;
  for (let point = 0; point <= POINTS; point += 1) {
    const moment = first + ((last - first) * point) / POINTS;
    while (at < times.length && (times[at] ?? 0) <= moment) at += 1;
    seconds.push(moment / 1000);
    found.push(at);
  }
  return { seconds, found };
}

/** Hosted isolates live 400 s (150 s on the free plan, which announces the end by itself). */
const WALL_CLOCK_SECONDS = 400;
/** Streams end this long before the wall clock, spread over as much again. */
const MARGIN_MS = 20_000;

interface StreamTimes {
  readonly now: number;
  /** When this isolate began. */
  readonly startedAt: number;
  /** `OTIS_WALL_CLOCK_SECONDS`, where the platform's limit is another. */
  readonly wallClockSeconds: string | undefined;
  readonly random: number;
}

/**
 * When a stream that opens now ends by plan, in clock time: shortly before the platform would cut it. An isolate
 * that is near its wall clock or past it has none (on one machine nothing ends it), or announces its end: its
 * streams live as long as those of a fresh one, since a stream that ended at once would be reopened at once.
 */
export function streamEnd({ now, startedAt, wallClockSeconds, random }: StreamTimes): number {
  const wallClockMs = Number(wallClockSeconds ?? WALL_CLOCK_SECONDS) * 1_000;
  const life = wallClockMs - MARGIN_MS * (1 + random);
  const end = startedAt + life;
  return end - now > MARGIN_MS ? end : now + life;
}

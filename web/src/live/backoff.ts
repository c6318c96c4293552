/**
 * Full jitter: anywhere between nothing and the exponential ceiling, so that clients that lost
 * the same server do not return together. `attempt` counts from 1.
 */
export function fullJitter(
  attempt: number,
  random: number,
  { baseMs, ceilingMs }: { baseMs: number; ceilingMs: number },
): number {
  return random * Math.min(ceilingMs, baseMs * 2 ** Math.min(attempt - 1, 20));
}

/** 1 s to 32 s, as the well-behaved live clients do. */
export const reconnectBackoff = { baseMs: 1_000, ceilingMs: 32_000 };

/** How rarely a better transport is tried while a lesser one works. */
export const climbBackoff = { baseMs: 10_000, ceilingMs: 300_000 };

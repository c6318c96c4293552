import { toFailure } from "./failure.ts";

/** Failures in a row of a server that only says "something went wrong": that may be so for ever. */
const MOST_INTERNAL = 5;

/**
 * Options of a mutation that the user takes for done: it is tried again until the server has
 * decided, over a lost network as well, and those of one scope go one after the other.
 */
export const keepTrying = (scope: string) => ({
  scope: { id: scope },
  retry: (failures: number, error: unknown): boolean => {
    const { passing, code } = toFailure(error);
    return passing && (code !== "internal" || failures < MOST_INTERNAL);
  },
  retryDelay: (failures: number): number => Math.min(1_000 * 2 ** failures, 15_000),
});

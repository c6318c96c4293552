import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "../stack.ts";
import { findNpm } from "./npm-parent.ts";

const CLOSE_TIMEOUT_MS = 4_500;
/**
 * One Ctrl-C may arrive several times: from the terminal, and passed on by npm and the shell. One that comes
 * later than this is another, and ends us at once; Postgres is stopped by its guard.
 */
const IMPATIENCE_MS = 500;

export interface Shutdown {
  /** Resolves with the reason when somebody asks us to end. */
  readonly asked: Promise<string>;
  isAsked(): boolean;
}

/**
 * Notices every way in which a terminal, a service manager or npm may ask us to end, from the very start:
 * a signal, or the end of the npm that started us (killed by force, it leaves us behind).
 */
export function watchForEnd(): Shutdown {
  const { promise, resolve } = Promise.withResolvers<string>();
  let isAsked = false;
  void promise.then(() => {
    isAsked = true;
  });
  let first: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      first ??= performance.now();
      resolve(signal);
      if (performance.now() - first > IMPATIENCE_MS) process.exit(130);
    });
  }
  const npm = findNpm();
  setInterval(() => {
    if (npm !== undefined && findNpm() !== npm) resolve("the end of npm");
  }, 1_000).unref();
  return { asked: promise, isAsked: () => isAsked };
}

/** Keeps a stack until the end is asked for or it fails, then closes what was given. Resolves to the exit code. */
export async function runUntilTold(
  shutdown: Shutdown,
  stack: Stack,
  close: () => Promise<void>,
): Promise<number> {
  let code = 0;
  try {
    await Promise.race([shutdown.asked, stack.failed]);
    console.log("\nStopping …");
  } catch (error) {
    code = 1;
    console.error(`\n${error instanceof Error ? error.message : error}`);
  }
  const late = sleep(CLOSE_TIMEOUT_MS, "late", { ref: false });
  if ((await Promise.race([close(), late])) === "late") {
    console.error("It did not end in time; the next start will tidy up.");
    process.exit(1);
  }
  return code;
}

/** The exit code of a start that failed because somebody asked us to end meanwhile. Any other failure is thrown. */
export function endInterrupted(shutdown: Shutdown, error: unknown): number {
  if (!shutdown.isAsked()) throw error;
  console.log("\nStopping …");
  return 130;
}

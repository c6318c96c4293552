import { setTimeout as sleep } from "node:timers/promises";
import { type RunnerOptions, spawnRunner } from "./runner-process.ts";

export interface EdgeRuntime {
  /** The port to forward requests to; waits while the process is being started. Rejects when `signal` aborts. */
  port(signal: AbortSignal): Promise<number>;
  pid(): number | undefined;
  /** After a broken connection: resolves once the process is known to have ended, or seems to live on. */
  crashed(): Promise<void>;
  /** Starts the present code beside the running process, moves over, and lets the old one finish its work. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** Background work that a reload waits for, in the old process. */
const RELOAD_GRACE_MS = 10_000;
/** The whole stack has to be down within 5 s. */
const CLOSE_GRACE_MS = 1_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
/** A connection breaks a moment before its process is known to have ended. */
const CRASH_NOTICE_MS = 1_000;
/** A process that lived this long starts again without delay when it ends. */
const STABLE_MS = 10_000;

/** Keeps one process running that serves all functions. */
export function startEdgeRuntime(options: RunnerOptions): EdgeRuntime {
  const { log } = options;
  let closing = false;
  let current = spawnRunner(options);
  let ready = Promise.withResolvers<number>();
  const stopped = keepRunning();

  async function keepRunning(): Promise<void> {
    let delay = FIRST_DELAY_MS;
    while (true) {
      const started = performance.now();
      const port = await current.port;
      if (port !== undefined) ready.resolve(port);
      while (!current.hasExited()) await current.exited;
      if (closing) return;
      ready = Promise.withResolvers();
      if (performance.now() - started > STABLE_MS) delay = FIRST_DELAY_MS;
      log(`The functions' process has ended; it is started again in ${delay} ms.`);
      await sleep(delay);
      delay = Math.min(delay * 2, LONGEST_DELAY_MS);
      if (closing) return;
      if (current.hasExited()) current = spawnRunner(options);
    }
  }

  return {
    port: (signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        ready.promise.then(resolve);
      }),
    pid: () => current.pid,
    async crashed() {
      await Promise.race([current.exited, sleep(CRASH_NOTICE_MS, undefined, { ref: false })]);
    },
    async reload() {
      const fresh = spawnRunner(options);
      const port = await fresh.port;
      if (closing || port === undefined) return fresh.finish(0);
      const old = current;
      current = fresh;
      ready.resolve(port);
      ready = Promise.withResolvers();
      ready.resolve(port);
      log("The functions run their new code.");
      await old.finish(RELOAD_GRACE_MS);
    },
    async close() {
      closing = true;
      await current.finish(CLOSE_GRACE_MS);
      await stopped;
    },
  };
}

import { StackError } from "../stack-error.ts";
import { type PostgresOptions, type RunningPostgres, startPostgres } from "./cluster.ts";

export interface KeptPostgres {
  readonly port: number;
  pid(): number;
  /** Rejects when the server keeps ending. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** A server that ends so often within a minute has a cause that starting it again does not remove. */
const MOST_RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;

/** Starts Postgres and starts it again, on the same port, when it ends by itself or is killed. */
export async function keepPostgres(
  options: PostgresOptions & { readonly log: (line: string) => void },
): Promise<KeptPostgres> {
  let current: RunningPostgres = await startPostgres(options);
  const { port } = current;
  let stopping = false;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});

  async function keepRunning(): Promise<void> {
    const restarts: number[] = [];
    while (true) {
      await current.exited;
      if (stopping) return;
      const now = performance.now();
      restarts.push(now);
      if (restarts.filter((time) => now - time < RESTART_WINDOW_MS).length > MOST_RESTARTS) {
        throw new StackError(`Postgres keeps ending; its log is ${options.logFile}.`);
      }
      options.log("Postgres has ended; it is started again.");
      current = await startPostgres({ ...options, port });
    }
  }

  const kept = keepRunning().catch(failure.reject);
  return {
    port,
    pid: () => current.pid,
    failed: failure.promise,
    async stop() {
      stopping = true;
      await current.stop();
      await kept;
    },
  };
}

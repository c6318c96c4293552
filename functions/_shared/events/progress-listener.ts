import type { Sql } from "postgres";
import * as z from "zod/mini";

/** What `pg_notify('otis_progress', …)` carries; `scope` null concerns everybody (flags). */
const notification = z.object({ scope: z.nullable(z.string()), revision: z.number() });

export interface Heard {
  /** The scope moved to this revision; null: notifications may have been lost, look for yourself. */
  moved(revision: number | null): void;
  /** A feature flag was switched. */
  flags(): void;
}

export interface ProgressListener {
  /** Tells of one scope until the returned function is called. */
  hear(scope: string, heard: Heard): () => void;
}

/** How Postgres.js listens: again by itself after a lost connection, calling `ready` each time. */
export type Listen = (
  channel: string,
  receive: (payload: string) => void,
  ready: () => void,
) => Promise<{ unlisten: () => Promise<void> }>;

export const listenWith =
  (sql: Sql): Listen =>
  (channel, receive, ready) =>
    sql.listen(channel, receive, ready);

/**
 * One LISTEN for all streams of an isolate. The first reader opens it, the last one closes it, so
 * that an idle isolate holds no connection.
 */
export function createProgressListener(
  listen: Listen,
  log: (message: string, cause: unknown) => void,
): ProgressListener {
  const readers = new Map<string, Set<Heard>>();
  let open: Promise<{ unlisten: () => Promise<void> }> | null = null;

  const all = (): Heard[] => [...readers.values()].flatMap((set) => [...set]);

  const receive = (payload: string): void => {
    const { scope, revision } = z.parse(notification, JSON.parse(payload));
    if (scope === null) for (const heard of all()) heard.flags();
    else for (const heard of [...(readers.get(scope) ?? [])]) heard.moved(revision);
  };

  const start = (): void => {
    if (open !== null) return;
    const opening = listen("otis_progress", receive, () => {
      for (const heard of all()) heard.moved(null);
    });
    open = opening;
    opening.catch((cause: unknown) => {
      log("the listener could not start", cause);
      if (open === opening) open = null;
    });
  };

  const stop = (): void => {
    const closing = open;
    open = null;
    closing?.then(({ unlisten }) => unlisten()).catch(() => {});
  };

  return {
    hear(scope, heard) {
      const set = readers.get(scope) ?? new Set();
      readers.set(scope, set.add(heard));
      start();
      return () => {
        if (!set.delete(heard)) return;
        if (set.size === 0 && readers.get(scope) === set) readers.delete(scope);
        if (readers.size === 0) stop();
      };
    },
  };
}

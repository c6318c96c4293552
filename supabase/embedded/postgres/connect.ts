import postgres, { type Sql } from "postgres";

/** What all connections of the stack itself have in common; times in seconds. */
export const POOL = {
  // A server that was killed may leave a socket open that nobody answers on.
  connect_timeout: 5,
  // A session of Postgres takes some 10 MB.
  idle_timeout: 60,
  onnotice() {},
};

/** Connections of the stack itself to its database: as many as asked for, made when needed, again when lost. */
export function connect(url: string, max = 1): Sql {
  return postgres(url, { max, ...POOL });
}

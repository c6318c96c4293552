import postgres, { type Sql } from "postgres";

/** Seconds. A server that was killed may leave a socket open that nobody answers on. */
export const CONNECT_TIMEOUT = 5;

/** Connections of the stack itself to its database: as many as asked for, made when needed, again when lost. */
export function connect(url: string, max = 1): Sql {
  return postgres(url, { max, connect_timeout: CONNECT_TIMEOUT, onnotice() {} });
}

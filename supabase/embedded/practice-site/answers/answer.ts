/** A request, as far as answers look at it. */
export interface Visit {
  host: string;
  /** The site that is visited; null for the start page and the boards. */
  slug: string | null;
  path: string;
  query: URLSearchParams;
  /** How often this very path was visited before. */
  earlier: number;
  /** How bad the sites' troubles are. */
  troubles: Troubles;
  /** Base address of a site, in the manner in which this one was reached (by host or by path). */
  siteOf: (slug: string) => string;
}

export interface Troubles {
  /** How long the slow site takes, in ms: less than OTIS waits, more than anybody likes. */
  slowMs: number;
  /** What the busy site names as `Retry-After`. */
  pauseSeconds: number;
}

export interface Answer {
  status?: number;
  type?: string;
  headers?: Record<string, string>;
  body: string;
  /** Sends the body in pieces over so many milliseconds. */
  dripMs?: number;
}

export const notFound: Answer = {
  status: 404,
  body: "<!doctype html><title>404</title><h1>404</h1>",
};

export function json(value: unknown): Answer {
  return { type: "application/json; charset=utf-8", body: JSON.stringify(value) };
}

import { acceptEncoding } from "./content-decoding.ts";
import { FetchFailure } from "./fetch-failure.ts";
import { type OpenedHosts, parseTarget } from "./target.ts";

/** One request of a chain of redirects. */
export interface Hop {
  url: URL;
  method: string;
  headers: Headers;
  body: Uint8Array | null;
}

export interface HopRequest {
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Validators of an earlier answer; the new one may then have status 304 and no body. */
  etag?: string | undefined;
  lastModified?: string | undefined;
}

/** Never the caller's to set: they belong to the connection. */
const connectionHeaders = [
  "connection",
  "content-length",
  "expect",
  "host",
  "te",
  "transfer-encoding",
  "upgrade",
];
/** All that may follow a redirect to another origin. */
const anonymousHeaders = ["accept", "accept-encoding", "accept-language", "range", "user-agent"];

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** The first request, with what OTIS says of itself. */
export function firstHop(url: URL, request: HopRequest, userAgent: string): Hop {
  const headers = new Headers({
    accept: "text/html,application/xhtml+xml,*/*;q=0.8",
    "accept-encoding": acceptEncoding,
    ...request.headers,
  });
  for (const name of connectionHeaders) headers.delete(name);
  headers.set("user-agent", userAgent);
  if (request.etag !== undefined) headers.set("if-none-match", request.etag);
  if (request.lastModified !== undefined) headers.set("if-modified-since", request.lastModified);
  const { body = null } = request;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { url, method: request.method ?? "GET", headers, body: bytes };
}

/**
 * The request a redirect leads to, or null when the answer is none. The destination passes the same
 * rules as a user's address; another origin gets neither credentials nor a body.
 */
export function redirectedHop(
  hop: Hop,
  answer: { status: number; headers: Headers },
  opened: OpenedHosts,
): Hop | null {
  if (!redirectStatuses.has(answer.status)) return null;
  const location = answer.headers.get("location");
  if (location === null) {
    throw new FetchFailure("bad_redirect", hop.url.host, { detail: "no destination is named" });
  }
  const url = parseTarget(location, opened, hop.url);
  const becomesGet =
    answer.status === 303
      ? hop.method !== "HEAD"
      : hop.method === "POST" && (answer.status === 301 || answer.status === 302);
  const sameOrigin = url.origin === hop.url.origin;
  if (!sameOrigin && !becomesGet && hop.body !== null) {
    throw new FetchFailure("bad_redirect", hop.url.host, {
      detail: `what was sent to it would go to ${url.host}`,
    });
  }
  const headers = new Headers();
  hop.headers.forEach((value, name) => {
    const dropped = becomesGet && name.startsWith("content-");
    if ((sameOrigin || anonymousHeaders.includes(name)) && !dropped) headers.set(name, value);
  });
  return becomesGet
    ? { url, method: "GET", headers, body: null }
    : { url, method: hop.method, headers, body: hop.body };
}

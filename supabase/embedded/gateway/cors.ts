import type { IncomingMessage, ServerResponse } from "node:http";

/** What a page elsewhere may read of an answer beside its body, as hosted Supabase allows. */
const EXPOSED = "content-range, content-location, content-disposition, retry-after, x-request-id";

/**
 * Lets pages of other origins call: the web client is served from another port. Requests carry
 * their token in a header, never a cookie, so any origin may ask.
 * @returns true if this was a preflight, which is hereby answered
 */
export function allowOrigins(incoming: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-expose-headers", EXPOSED);
  const asked = incoming.headers["access-control-request-method"];
  if (incoming.method !== "OPTIONS" || asked === undefined) return false;
  response
    .writeHead(204, {
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
      "access-control-allow-headers": incoming.headers["access-control-request-headers"] ?? "*",
      "access-control-max-age": "86400",
      vary: "access-control-request-headers",
    })
    .end();
  return true;
}

import { retryAfterSeconds } from "../safe-fetch/retry-after.ts";
import { fields, text } from "./json.ts";
import {
  type FetchedPage,
  type FetchInit,
  type Outcome,
  type SourceContext,
  SourceError,
} from "./source.ts";

/** An answer that is final but no success, as the outcome it means. */
export type Refusal = { outcome: Extract<Outcome, "unknown" | "failed">; message: string };
export type Answer = { page: FetchedPage; refusal: null } | { page: null; refusal: Refusal };

/**
 * Fetches one address on behalf of a source and sorts what comes back: a page; a final refusal
 * (404 and 410: unknown; other 4xx, a blocked address …: failed); or a `SourceError` for what may
 * pass (429, 5xx, timeouts), with `Retry-After` where the host names it. `what` names the source
 * in messages.
 */
export async function request(
  ctx: SourceContext,
  url: string,
  what: string,
  init: Omit<FetchInit, "signal"> = {},
): Promise<Answer> {
  ctx.signal.throwIfAborted();
  let page: FetchedPage;
  try {
    page = await ctx.fetch(url, { ...init, signal: ctx.signal });
  } catch (cause) {
    return { page: null, refusal: refusalOfFailure(cause, ctx) };
  }
  const retryAfter = retryAfterSeconds(page.headers.get("retry-after"), ctx.clock.now());
  const refusal = refusalOfStatus(page.status, what, retryAfter);
  return refusal === null ? { page, refusal } : { page: null, refusal };
}

/** Null for success; throws a `SourceError` for a status that may pass. */
export function refusalOfStatus(
  status: number,
  what: string,
  retryAfterSeconds: number | null,
): Refusal | null {
  if (status >= 200 && status < 300) return null;
  if (status === 429 || status === 408 || status === 425 || status >= 500) {
    const message = `${what} answered with HTTP ${status}. It is tried again later.`;
    const code = status === 429 ? "rate_limited" : "server_error";
    throw new SourceError(code, message, { retryAfterSeconds });
  }
  if (status === 404 || status === 410) {
    return { outcome: "unknown", message: `${what} does not exist (HTTP ${status}).` };
  }
  const message =
    status === 401 || status === 403
      ? `${what} does not let OTIS in (HTTP ${status}): it asks for a login or blocks programs.`
      : `${what} answered with HTTP ${status}.`;
  return { outcome: "failed", message };
}

/** A failed fetch: thrown again when it may pass or was aborted, else a refusal. */
export function refusalOfFailure(cause: unknown, ctx: SourceContext): Refusal {
  ctx.signal.throwIfAborted();
  const message = cause instanceof Error ? cause.message : String(cause);
  const { code, retryable, retryAfterSeconds } = fields(cause) ?? {};
  if (retryable === false) return { outcome: "failed", message };
  throw new SourceError(text(code) ?? "fetch_failed", message, {
    retryAfterSeconds: typeof retryAfterSeconds === "number" ? retryAfterSeconds : null,
    cause,
  });
}

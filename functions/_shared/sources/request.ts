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
 * pass (429, 5xx, timeouts), with `Retry-After` where the host names it.
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
    return { page: null, refusal: refusalOf(cause, ctx) };
  }
  const { status } = page;
  if (status >= 200 && status < 300) return { page, refusal: null };
  if (status === 429 || status === 408 || status === 425 || status >= 500) {
    throw new SourceError(
      status === 429 ? "rate_limited" : "server_error",
      `${what} answered with HTTP ${status}. It is tried again later.`,
      { retryAfterSeconds: retryAfter(page, ctx.clock.now()) },
    );
  }
  if (status === 404 || status === 410) {
    return { page: null, refusal: { outcome: "unknown", message: `${what} does not exist.` } };
  }
  const message =
    status === 401 || status === 403
      ? `${what} does not let OTIS in (HTTP ${status}): it asks for a login or blocks programs.`
      : `${what} answered with HTTP ${status}.`;
  return { page: null, refusal: { outcome: "failed", message } };
}

/** A failed fetch: thrown again when it may pass or was aborted, else a refusal. */
function refusalOf(cause: unknown, ctx: SourceContext): Refusal {
  ctx.signal.throwIfAborted();
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const { code, retryable, retryAfterSeconds } = error as Error & {
    code?: unknown;
    retryable?: unknown;
    retryAfterSeconds?: unknown;
  };
  if (retryable === false) return { outcome: "failed", message: error.message };
  throw new SourceError(typeof code === "string" ? code : "fetch_failed", error.message, {
    retryAfterSeconds: typeof retryAfterSeconds === "number" ? retryAfterSeconds : null,
    cause,
  });
}

function retryAfter(page: FetchedPage, now: number): number | null {
  const header = page.headers.get("retry-after")?.trim();
  if (!header) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 0), 86_400) : null;
}

import { fields, parseJson, text } from "./json.ts";
import type { Refusal } from "./request.ts";
import { refusalOfFailure } from "./request.ts";
import {
  type ApifyAccount,
  type FetchedPage,
  type FetchInit,
  type SourceContext,
  SourceError,
} from "./source.ts";

export type ApifyAnswer =
  | { value: unknown; page: FetchedPage; refusal: null }
  | { refusal: Refusal };

/** Error types that pass by themselves: too many runs or too much memory in use right now. */
const busy = /^(rate-limit-exceeded|actor-memory-limit-exceeded|concurrent-runs-limit-exceeded)$/;
const busySeconds = 60;

/** What a run may cost where the operator does not say. */
const defaultMaxUsd = 5;

/** The account that the environment names; null without a token. */
export function apifySettings(
  env: Readonly<Record<string, string | undefined>>,
): ApifyAccount | null {
  const token = env.OTIS_APIFY_TOKEN || env.APIFY_TOKEN;
  if (!token) return null;
  const said = Number(env.OTIS_APIFY_MAX_USD || defaultMaxUsd);
  const maxUsd = Number.isFinite(said) ? said : defaultMaxUsd;
  return { token, maxUsd, webhookUrl: env.OTIS_APIFY_WEBHOOK_URL || null };
}

/**
 * One request to Apify's API (docs.apify.com/api/v2). Its errors, `{error: {type, message}}`,
 * become an outcome the user understands, or a `SourceError` when waiting helps.
 */
export async function apifyRequest(
  ctx: SourceContext,
  account: ApifyAccount,
  path: string,
  init: Pick<FetchInit, "method" | "body"> = {},
): Promise<ApifyAnswer> {
  ctx.signal.throwIfAborted();
  let page: FetchedPage;
  try {
    page = await ctx.fetch(`${ctx.endpoints.apify}/v2${path}`, {
      ...init,
      headers: { authorization: `Bearer ${account.token}`, "content-type": "application/json" },
      signal: ctx.signal,
    });
  } catch (cause) {
    return { refusal: refusalOfFailure(cause, ctx) };
  }
  const value = parseJson(new TextDecoder().decode(page.body));
  if (page.status >= 200 && page.status < 300) return { value, page, refusal: null };
  const error = fields(fields(value)?.error);
  return { refusal: refusalOf(page, text(error?.type) ?? "", text(error?.message) ?? "") };
}

function refusalOf(page: FetchedPage, type: string, message: string): Refusal {
  const { status } = page;
  if (status === 429 || status >= 500 || status === 408 || busy.test(type)) {
    const seconds = Number(page.headers.get("retry-after"));
    throw new SourceError(
      status === 429 || busy.test(type) ? "rate_limited" : "server_error",
      `Apify is busy (${type || `HTTP ${status}`}). It is tried again later.`,
      { retryAfterSeconds: seconds > 0 ? seconds : busy.test(type) ? busySeconds : null },
    );
  }
  if (status === 401 || /token|unauthorized/.test(type)) {
    return { outcome: "failed", message: "Apify refuses the token. Check it in the settings." };
  }
  if (status === 404) {
    return { outcome: "unknown", message: "Apify knows no such actor, run or dataset." };
  }
  if (status === 402 || /not-enough-usage/.test(type)) {
    return {
      outcome: "failed",
      message: "The Apify account has not enough credit for this actor.",
    };
  }
  return {
    outcome: "failed",
    message: `Apify refuses: ${message || `HTTP ${status}`}`.slice(0, 300),
  };
}

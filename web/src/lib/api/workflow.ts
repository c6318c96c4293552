import { type ErrorBody, isErrorCode } from "../../../../functions/_shared/contract/errors.ts";
import type {
  ActionInput,
  ActionName,
  ActionResults,
} from "../../../../functions/_shared/contract/workflow.ts";
import { accessToken, reportExpired } from "../auth/auth-store.ts";
import { config } from "../config.ts";
import { apiFetch } from "../supabase.ts";
import { Failure } from "./failure.ts";

interface CallOptions {
  /** For what changes something, one per intent of the user: a repeated call with it acts once. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/**
 * Calls one action of `POST /functions/v1/workflow`. Rejects with a `Failure`; an abort rejects
 * with the signal's reason. `needs_sign_in` also raises the sign-in banner.
 */
export async function callWorkflow<A extends ActionName>(
  action: A,
  data: ActionInput<A>,
  { idempotencyKey, signal }: CallOptions = {},
): Promise<ActionResults[A]> {
  const token = await accessToken();
  if (token === null) throw expired();
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    Authorization: `Bearer ${token}`,
    apikey: config.publishableKey,
  };
  if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
  const response = await apiFetch(`${config.supabaseUrl}/functions/v1/workflow`, {
    method: "POST",
    headers,
    body: JSON.stringify({ action, data }),
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw signal.reason;
    throw new Failure("unreachable", "The server did not answer.", { cause });
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as ActionResults[A];
  throw refusal(response.status, body);
}

export function expired(): Failure {
  reportExpired();
  return new Failure("needs_sign_in", "Your sign-in has expired.");
}

/** What a function's answer that is not OK means. */
export function refusal(status: number, body: unknown): Failure {
  if (status === 401) return expired();
  const error = (body as Partial<ErrorBody> | null)?.error;
  if (error && isErrorCode(error.code)) {
    return new Failure(error.code, error.message, { details: error.details });
  }
  return new Failure(status >= 500 ? "unavailable" : "internal", `The server answered ${status}.`);
}

import { isErrorCode } from "../../../../functions/_shared/contract/errors.ts";
import { reportExpired } from "../auth/auth-store.ts";
import { Failure } from "./failure.ts";

interface Answer<T> {
  readonly data: T;
  readonly error: {
    readonly message: string;
    readonly code?: string;
    readonly details?: string | null;
  } | null;
  readonly status: number;
}

/** Unwraps a PostgREST answer. Rejects with a `Failure`. */
export async function read<T>(query: PromiseLike<Answer<T>>): Promise<NonNullable<T>> {
  const { data, error, status } = await query;
  if (!error && data !== null && data !== undefined) return data;
  if (status === 401) {
    reportExpired();
    throw new Failure("needs_sign_in", "Your sign-in has expired.");
  }
  if (status === 0) throw new Failure("unreachable", "The server did not answer.");
  // A refusal of the database's own: its key, and a sentence for a person.
  if (error?.code?.startsWith("PT") && isErrorCode(error.message)) {
    throw new Failure(error.message, error.details || error.message);
  }
  if (status === 404 || status === 406) throw new Failure("not_found", "There is no such thing.");
  throw new Failure(status >= 500 ? "unavailable" : "internal", error?.message ?? `${status}`);
}

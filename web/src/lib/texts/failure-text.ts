import { type Failure, toFailure } from "../api/failure.ts";
import { common } from "./common.ts";

const known: Partial<Record<string, { title: string; hint: string }>> = common.failure;

/** What happened and what to do, for any error. The server's own message wins where it says more. */
export function failureText(error: unknown): { title: string; hint: string; failure: Failure } {
  const failure = toFailure(error);
  const text = known[failure.code];
  if (text) return { ...text, failure };
  return { title: failure.message, hint: "", failure };
}

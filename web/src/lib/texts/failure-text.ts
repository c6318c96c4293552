import { type Failure, toFailure } from "../api/failure.ts";
import { common } from "./common.ts";

const known: Partial<Record<string, { title: string; hint?: string }>> = common.failure;

/** What happened and what to do, for any error: in the server's own words where they say more. */
export function failureText(error: unknown): { title: string; hint: string; failure: Failure } {
  const failure = toFailure(error);
  const text = known[failure.code];
  if (text) return { title: text.title, hint: text.hint ?? failure.message, failure };
  return { title: failure.message, hint: "", failure };
}

import { verifyAuth } from "@supabase/server/core";
import { OtisError } from "../contract/errors.ts";
import { fail, json } from "../http/respond.ts";
import type { Drain } from "./drain.ts";

/** Keeps the isolate alive until the promise settles. */
export type WaitUntil = (promise: Promise<unknown>) => void;

/**
 * The handler of `POST /functions/v1/worker`, for callers with a secret key: starts a drain in the
 * background, or wakes the one under way, and answers 202 at once.
 */
export function createWorkerService(
  start: () => Drain,
  waitUntil: WaitUntil,
): (request: Request) => Promise<Response> {
  let drain: Drain | null = null;
  return async (request) => {
    const { error } = await verifyAuth(request, { auth: "secret:*" });
    if (error) {
      const refusal = new OtisError("needs_sign_in", "The worker obeys secret keys only.");
      return fail(refusal, () => {});
    }
    if (drain?.claims()) {
      drain.wake();
      return json({ state: "woken" }, 202);
    }
    drain = start();
    waitUntil(drain.finished);
    return json({ state: "started" }, 202);
  };
}

import { Failure, toFailure } from "../lib/api/failure.ts";
import { callWorkflow } from "../lib/api/workflow.ts";
import type { Mutation, Sent } from "../live/offline-queue.ts";

/** Sends one mutation of the offline queue. Never rejects: what may pass by itself comes "later". */
export async function sendMutation(mutation: Mutation, signal: AbortSignal): Promise<Sent> {
  const { action, data, key } = mutation;
  try {
    // Not before somebody changes something: reading needs no schemas.
    const { actions } = await import("../../../functions/_shared/contract/workflow.ts");
    const isAction = (name: string): name is keyof typeof actions => Object.hasOwn(actions, name);
    if (!isAction(action)) throw new Failure("unknown_action", `There is no action ${action}.`);
    const input = actions[action].parse(data);
    const result = await callWorkflow(action, input, { idempotencyKey: key, signal });
    return { kind: "done", revision: revisionOf(result) };
  } catch (error) {
    const failure = toFailure(error);
    if (failure.passing || failure.code === "needs_sign_in" || signal.aborted) {
      return { kind: "later", retryAfterMs: 0 };
    }
    return { kind: "refused", code: failure.code, message: failure.message };
  }
}

/** The revision that contains the change, where the server names it. */
function revisionOf(result: object): number | null {
  return "revision" in result && typeof result.revision === "number" ? result.revision : null;
}

import { type ActionName, actions } from "../../../functions/_shared/contract/workflow.ts";
import { toFailure } from "../lib/api/failure.ts";
import { callWorkflow } from "../lib/api/workflow.ts";
import type { Mutation, Sent } from "../live/offline-queue.ts";

const isAction = (name: string): name is ActionName => Object.hasOwn(actions, name);

/** Sends one mutation of the offline queue. Never rejects: what may pass by itself comes "later". */
export async function sendMutation(mutation: Mutation, signal: AbortSignal): Promise<Sent> {
  const { action, data, key } = mutation;
  if (!isAction(action)) {
    return { kind: "refused", code: "unknown_action", message: `There is no action ${action}.` };
  }
  try {
    // The data was made for this action by a typed caller; it has only been stored meanwhile.
    const result = await callWorkflow(action, actions[action].parse(data), {
      idempotencyKey: key,
      signal,
    });
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

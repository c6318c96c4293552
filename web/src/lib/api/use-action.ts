import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import type {
  ActionInput,
  ActionName,
  ActionResults,
} from "../../../../functions/_shared/contract/workflow.ts";
import { showFailure } from "../toasts.ts";
import { type Failure, toFailure } from "./failure.ts";
import { callWorkflow } from "./workflow.ts";

interface Options<A extends ActionName> {
  /** The caller shows the failure in its place; else a toast does. */
  readonly inline?: boolean;
  /** The mutation is pending until what this returns has settled. */
  readonly onSuccess?: (result: ActionResults[A], input: ActionInput<A>) => unknown;
}

/**
 * A mutation through the workflow function. Trying the same input again after a failure sends
 * the same idempotency key: what did arrive the first time is not done twice.
 */
export function useAction<A extends ActionName>(
  action: A,
  { inline = false, onSuccess }: Options<A> = {},
) {
  const intent = useRef<{ body: string; key: string } | null>(null);
  return useMutation<ActionResults[A], Failure, ActionInput<A>>({
    mutationFn: async (input) => {
      const body = JSON.stringify(input);
      if (intent.current?.body !== body) intent.current = { body, key: crypto.randomUUID() };
      const { key } = intent.current;
      try {
        return await callWorkflow(action, input, { idempotencyKey: key });
      } catch (error) {
        throw toFailure(error);
      }
    },
    onSuccess: (result, input) => {
      intent.current = null;
      return onSuccess?.(result, input);
    },
    onError: (failure) => {
      if (!failure.passing) intent.current = null;
      if (!inline) showFailure(failure);
    },
  });
}

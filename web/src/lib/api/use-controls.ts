import type { ActionInput } from "../../../../functions/_shared/contract/workflow.ts";
import { useAction } from "./use-action.ts";

/** High enough to go before everything that nobody has moved. */
const FIRST = 50;

/** What can be done with anything that runs or waits: a run, a batch, a campaign, a session. */
export function useControls(target: ActionInput<"pause">["target"], id: string) {
  const at = { target, id };
  const pause = useAction("pause");
  const resume = useAction("resume");
  const cancel = useAction("cancel");
  const retry = useAction("retry");
  const priority = useAction("set_priority");
  return {
    busy:
      pause.isPending ||
      resume.isPending ||
      cancel.isPending ||
      retry.isPending ||
      priority.isPending,
    pause: () => pause.mutate(at),
    resume: () => resume.mutate(at),
    cancel: () => cancel.mutate(at),
    retry: () => retry.mutate(at),
    first: () => priority.mutate({ ...at, priority: FIRST }),
    setPriority: (value: number) => priority.mutate({ ...at, priority: value }),
  };
}

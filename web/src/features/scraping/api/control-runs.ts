import { useAction } from "../../../lib/api/use-action.ts";

export const useStartScraping = (onStarted: () => void) =>
  useAction("start_scraping", { inline: true, onSuccess: onStarted });

/** What can be done with one run. */
export function useRunControls(id: string) {
  const target = { target: "run", id } as const;
  const pause = useAction("pause");
  const resume = useAction("resume");
  const cancel = useAction("cancel");
  const retry = useAction("retry");
  const priority = useAction("set_priority");
  return {
    pause: () => pause.mutate(target),
    resume: () => resume.mutate(target),
    cancel: () => cancel.mutate(target),
    retry: () => retry.mutate(target),
    first: () => priority.mutate({ ...target, priority: 50 }),
  };
}

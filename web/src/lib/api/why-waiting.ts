import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ActionInput } from "../../../../functions/_shared/contract/workflow.ts";
import { callWorkflow } from "./workflow.ts";

type Target = ActionInput<"why_waiting">;

const whyWaitingQuery = (target: Target) =>
  queryOptions({
    queryKey: ["why waiting", target],
    queryFn: ({ signal }) => callWorkflow("why_waiting", target, { signal }),
    staleTime: 5_000,
    gcTime: 5_000,
  });

/** Why something has not begun, in a sentence; undefined until it is known. */
export function useWhyWaiting(target: Target): string | undefined {
  const { data, error } = useQuery(whyWaitingQuery(target));
  return error?.message ?? data?.message;
}

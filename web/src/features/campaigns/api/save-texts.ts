import { useMutation, useQueryClient } from "@tanstack/react-query";
import { keepTrying } from "../../../lib/api/keep-trying.ts";
import { callWorkflow } from "../../../lib/api/workflow.ts";
import { showFailure } from "../../../lib/toasts.ts";
import { type Texts, textsQuery } from "./get-texts.ts";

/** Saves the texts, and tries until that is done; what `useTexts` reads is what the server has. */
export function useSaveTexts(campaignId: string) {
  const client = useQueryClient();
  const edit = useMutation({
    ...keepTrying(`texts ${campaignId}`),
    // They are written whole: what arrives twice is the same.
    mutationFn: (texts: Texts) => callWorkflow("edit_campaign", { campaign_id: campaignId, texts }),
    onSuccess: (_, texts) => client.setQueryData(textsQuery(campaignId).queryKey, texts),
    onError: showFailure,
  });
  return {
    save: edit.mutate,
    saving: edit.isPending,
    /** It has not arrived yet, or was refused. */
    failed: edit.isError || edit.isPaused || edit.failureCount > 0,
  };
}

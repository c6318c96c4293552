import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../../lib/api/use-action.ts";
import { type Texts, textsQuery } from "./get-texts.ts";

/** Saves the texts; what is on the screen becomes what is known at once. */
export function useSaveTexts(campaignId: string) {
  const client = useQueryClient();
  const edit = useAction("edit_campaign");
  return {
    saving: edit.isPending,
    save: (texts: Texts) => {
      client.setQueryData(textsQuery(campaignId).queryKey, texts);
      edit.mutate({ campaign_id: campaignId, texts });
    },
  };
}

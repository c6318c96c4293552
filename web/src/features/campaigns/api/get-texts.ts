import { queryOptions, useQuery } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import type { RowOf } from "../../../lib/rows.ts";
import { supabase } from "../../../lib/supabase.ts";

export type Texts = Pick<
  RowOf<"campaign_texts">,
  "subject" | "body" | "personal_line" | "unsubscribe_text"
> & { readonly sender: { readonly name: string; readonly company: string } };

export const textsQuery = (campaignId: string) =>
  queryOptions({
    queryKey: ["campaign texts", campaignId],
    queryFn: async ({ signal }): Promise<Texts> => {
      const rows = await read(
        supabase
          .from("campaign_texts")
          .select("*")
          .eq("campaign_id", campaignId)
          .abortSignal(signal),
      );
      const [row] = rows;
      const { subject = "", body = "", personal_line = "", unsubscribe_text = "" } = row ?? {};
      return { subject, body, personal_line, unsubscribe_text, sender: senderOf(row?.sender) };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useTexts = (campaignId: string) => useQuery(textsQuery(campaignId));

function senderOf(value: unknown): Texts["sender"] {
  const sender = typeof value === "object" && value !== null ? value : {};
  const text = (key: string) => {
    const part: unknown = Reflect.get(sender, key);
    return typeof part === "string" ? part : "";
  };
  return { name: text("name"), company: text("company") };
}

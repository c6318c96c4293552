import type { Sql } from "postgres";
import * as z from "zod/mini";
import type { WorkItem } from "../queue/queue.ts";

/** What `otis.load_work` says of campaign work. */
const task = z.object({
  campaign: z.object({
    id: z.string(),
    name: z.string(),
    provider_campaign_id: z.nullable(z.string()),
    leads_total: z.number(),
    leads_ready: z.number(),
    leads_sent: z.number(),
  }),
  texts: z.object({
    subject: z.string(),
    body: z.string(),
    personal_line: z.string(),
    unsubscribe_text: z.string(),
    sender: z.record(z.string(), z.string()),
  }),
});
export type CampaignTask = z.infer<typeof task>;

export async function loadCampaign(sql: Sql, item: WorkItem): Promise<CampaignTask> {
  const [row] = await sql<
    { task: unknown }[]
  >`select task from otis.load_work(array[${item.id}]::uuid[])`;
  return task.parse(row?.task);
}

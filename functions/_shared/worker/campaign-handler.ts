import type { Sql } from "postgres";
import type { StepOutcome, WorkItem } from "../queue/queue.ts";
import type { VendorSettings } from "../vendors/vendor-api.ts";
import { type CampaignTask, loadCampaign } from "./campaign-task.ts";
import type { Handler, HandlerContext } from "./handler.ts";

export interface PushSettings {
  sql: Sql;
  instantly: VendorSettings;
}

/** What a step on a campaign works with. */
export interface CampaignStep extends CampaignTask {
  readonly settings: PushSettings;
  readonly item: WorkItem;
  readonly context: HandlerContext;
}

/** A handler whose steps begin with the campaign read fresh. */
export function campaignHandler(
  kind: string,
  settings: PushSettings,
  run: (step: CampaignStep) => Promise<StepOutcome>,
): Handler {
  return {
    kind,
    run: async (item, context) =>
      run({ ...(await loadCampaign(settings.sql, item)), settings, item, context }),
  };
}

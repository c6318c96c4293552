import type { ActionName } from "../contract/workflow.ts";
import type { Env } from "../http/authenticate.ts";
import { campaignRuns } from "./campaigns.ts";
import type { PriceList } from "./enrichment.ts";
import { createReadRuns } from "./progress.ts";
import type { Runs } from "./run.ts";
import { createScrapingRuns, type SourceCatalogue } from "./scraping.ts";
import { sqlRuns } from "./sql-actions.ts";

/** Every action by name; leaving one out does not compile. */
export function createRuns(
  env: Env,
  catalogue: SourceCatalogue,
  prices: PriceList,
): Runs<ActionName> {
  return {
    ...sqlRuns,
    ...createScrapingRuns(catalogue, prices),
    ...campaignRuns,
    ...createReadRuns(env),
  };
}

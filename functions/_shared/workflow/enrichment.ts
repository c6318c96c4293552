import type { ActionData, Forecast } from "../contract/workflow.ts";
import { DEFAULT_WATERFALL, type WaterfallStep } from "../providers/waterfall.ts";
import { type ActionContext, callSql } from "./run.ts";

/** Requests and credits that a provider takes for one company at most. */
export interface ProviderPrice {
  readonly requests: number;
  readonly credits: number;
}
export type PriceList = Readonly<Record<WaterfallStep["provider"], ProviderPrice>>;

type EnrichmentForecast = Extract<ActionData<"forecast">, { kind: "enrichment" }>;

/** What enriching the companies takes at most; the time from what this kind of work has taken before. */
export async function forecastEnrichment(
  prices: PriceList,
  { session_id, company_ids, providers }: EnrichmentForecast,
  context: ActionContext,
): Promise<Forecast> {
  const count = company_ids?.length ?? (await countSelected(session_id, context));
  const steps = providers ?? DEFAULT_WATERFALL;
  const work = steps.map(({ provider }) => ({ kind: "enrich", provider, count }));
  const { seconds, basis } = await callSql<{ seconds: number; basis: Forecast["basis"] }>(
    context,
    "forecast_work",
    { work },
  );
  return {
    requests: count * sum(steps.map(({ provider }) => prices[provider].requests)),
    seconds: Math.ceil(seconds),
    cost:
      count *
      sum(
        steps.map(({ provider, max_cost }) =>
          Math.min(prices[provider].credits, max_cost ?? Number.POSITIVE_INFINITY),
        ),
      ),
    basis,
    notes: steps.some(({ when }) => when !== "always")
      ? ["Conditions such as “only if no e-mail yet” make it less; this is the most it can be."]
      : [],
  };
}

async function countSelected(sessionId: string, context: ActionContext): Promise<number> {
  const { selectedCount } = await callSql<{ selectedCount: number }>(context, "session_snapshot", {
    session_id: sessionId,
  });
  return selectedCount;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

import * as z from "zod/mini";
import { waterfallStep } from "../../../../functions/_shared/contract/workflow.ts";
import { useSaveStageData, useStageData } from "../../lib/api/stage-data.ts";
import { useLiveScope } from "../../lib/live/live-context.tsx";
import type { Waterfall } from "./api/forecast-enrichment.ts";

const stored = z.array(waterfallStep);
const USUAL: Waterfall = [{ provider: "website", when: "always" }];

/** Order, conditions and limits of the providers, kept with the session. */
export function useWaterfall() {
  const { id } = useLiveScope().scope;
  const kept = z.safeParse(stored, useStageData(id, "enrichment").data?.waterfall);
  const { mutate: save } = useSaveStageData(id, "enrichment");
  const waterfall: Waterfall = kept.success && kept.data.length > 0 ? kept.data : USUAL;
  const change = (next: Waterfall) =>
    save({
      waterfall: next.map(({ provider, when, max_cost }) => ({
        provider,
        when: when ?? "always",
        ...(max_cost === undefined ? {} : { max_cost }),
      })),
    });
  return [waterfall, change] as const;
}

import type { ProviderName } from "./provider.ts";

/** What a provider takes for one company at most: requests for the forecast's time, credits for its cost. */
export const PRICES: Readonly<Record<ProviderName, { requests: number; credits: number }>> = {
  website: { requests: 6, credits: 0 },
  // One credit for the organisation, one for each of at most four people.
  apollo: { requests: 3, credits: 5 },
};

import type { Have, Provider, ProviderName, ProviderResult, Subject } from "./provider.ts";

/** One step of a session's waterfall, as the contract has it. */
export interface WaterfallStep {
  provider: ProviderName;
  when: "always" | "no_email" | "no_phone" | "no_person";
  /** Credits that this step may cost for one company. */
  max_cost?: number | undefined;
}

/** What is asked without any setting, as `start_enrichment` has it: what is free. */
export const DEFAULT_WATERFALL: readonly WaterfallStep[] = [
  { provider: "website", when: "always" },
];

/** Why a step is passed over, in the user's words. */
export interface Skipped {
  provider: ProviderName;
  reason: string;
}

export type NextStep =
  | { kind: "run"; index: number; provider: Provider; maxCost: number; skipped: Skipped[] }
  | { kind: "done"; skipped: Skipped[] };

const UNMET: Record<WaterfallStep["when"], (have: Have) => string | null> = {
  always: () => null,
  no_email: ({ emails }) => (emails > 0 ? "an e-mail address is known already" : null),
  no_phone: ({ phones }) => (phones > 0 ? "a phone number is known already" : null),
  no_person: ({ people }) => (people > 0 ? "a person is known already" : null),
};

/**
 * The first step from `from` on that applies to the company, given what is known by now. Pure.
 *
 * @param creditsLeft what the batch may still spend; a paid step is not begun without any
 */
export function nextStep(
  steps: readonly WaterfallStep[],
  from: number,
  company: Subject,
  have: Have,
  providers: ReadonlyMap<ProviderName, Provider>,
  creditsLeft: number,
): NextStep {
  const skipped: Skipped[] = [];
  for (const [index, step] of steps.entries()) {
    if (index < from) continue;
    const provider = providers.get(step.provider);
    const price = provider === undefined ? 0 : provider.cost(company);
    const budget = Math.min(price, step.max_cost ?? Number.POSITIVE_INFINITY, creditsLeft);
    const reason =
      provider === undefined
        ? "it is not set up"
        : (UNMET[step.when](have) ??
          provider.cannot(company) ??
          (price > 0 && budget <= 0 ? "the cost ceiling is reached" : null));
    if (provider !== undefined && reason === null)
      return { kind: "run", index, provider, maxCost: Math.max(budget, 0), skipped };
    skipped.push({ provider: step.provider, reason: reason ?? "" });
  }
  return { kind: "done", skipped };
}

/** Credits that the whole waterfall costs at most for one company of which nothing is known. Pure. */
export function maxCostOf(
  steps: readonly WaterfallStep[],
  company: Subject,
  providers: ReadonlyMap<ProviderName, Provider>,
): number {
  return steps.reduce((sum, step) => {
    const provider = providers.get(step.provider);
    if (provider === undefined || provider.cannot(company) !== null) return sum;
    return sum + Math.min(provider.cost(company), step.max_cost ?? Number.POSITIVE_INFINITY);
  }, 0);
}

/** What is known after a step; guessed addresses are not known. */
export function countIn(have: Have, { contacts }: ProviderResult): Have {
  const isKnown = contacts.filter(
    ({ email, emailStatus }) => email !== null && emailStatus !== "guessed",
  );
  return {
    emails: have.emails + isKnown.length,
    phones: have.phones + contacts.filter(({ phone }) => phone !== null).length,
    people: have.people + contacts.filter(({ kind }) => kind === "person").length,
  };
}

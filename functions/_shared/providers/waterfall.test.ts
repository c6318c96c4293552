import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Have, Provider, ProviderName } from "./provider.ts";
import { emptyResult } from "./provider.ts";
import { countIn, maxCostOf, nextStep, type WaterfallStep } from "./waterfall.ts";

const provider = (name: ProviderName, price: number): Provider => ({
  name,
  cannot: ({ domain }) => (name === "apollo" && domain === null ? "its domain is not known" : null),
  cost: () => price,
  run: () => Promise.resolve(emptyResult()),
});

const providers = new Map<ProviderName, Provider>([
  ["website", provider("website", 0)],
  ["apollo", provider("apollo", 4)],
]);
const acme = { name: "Acme", domain: "acme.test", website: null };
const nothing: Have = { emails: 0, phones: 0, people: 0 };
const steps: WaterfallStep[] = [
  { provider: "website", when: "always" },
  { provider: "apollo", when: "no_email", max_cost: 3 },
];

describe("the waterfall", () => {
  it("runs its steps in order", () => {
    expect(nextStep(steps, 0, acme, nothing, providers, 10)).toMatchObject({
      kind: "run",
      index: 0,
      provider: { name: "website" },
      maxCost: 0,
    });
    expect(nextStep(steps, 1, acme, nothing, providers, 10)).toMatchObject({
      kind: "run",
      index: 1,
      provider: { name: "apollo" },
      maxCost: 3,
    });
    expect(nextStep(steps, 2, acme, nothing, providers, 10)).toEqual({ kind: "done", skipped: [] });
  });

  it.each([
    [
      "what it is for is known",
      acme,
      { ...nothing, emails: 1 },
      10,
      "an e-mail address is known already",
    ],
    ["the provider cannot help", { ...acme, domain: null }, nothing, 10, "its domain is not known"],
    ["the ceiling is reached", acme, nothing, 0, "the cost ceiling is reached"],
  ])("passes a step over when %s, and says why", (_, company, have, left, reason) => {
    expect(nextStep(steps, 1, company, have, providers, left)).toEqual({
      kind: "done",
      skipped: [{ provider: "apollo", reason }],
    });
  });

  it("never gives a step more than the session, the step or the batch allows", () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), fc.nat(20), (price, limit, left) => {
        const step = nextStep(
          [{ provider: "apollo", when: "always", max_cost: limit }],
          0,
          acme,
          nothing,
          new Map([["apollo", provider("apollo", price)]]),
          left,
        );
        return step.kind === "done" || step.maxCost <= Math.min(price, limit, left);
      }),
    );
  });

  it("forecasts the most that a company can cost", () => {
    expect(maxCostOf(steps, acme, providers)).toBe(3);
    expect(maxCostOf(steps, { ...acme, domain: null }, providers)).toBe(0);
  });

  it("does not take a guessed address for a known one", () => {
    const contact = {
      kind: "person",
      fullName: "Jan",
      role: null,
      email: "jan@acme.test",
      phone: null,
      linkedinUrl: null,
      provider: "website",
      sourceUrl: null,
      method: "guessed",
      confidence: 0.4,
      cost: 0,
      foundAt: "",
    } as const;
    expect(
      countIn(nothing, { ...emptyResult(), contacts: [{ ...contact, emailStatus: "guessed" }] }),
    ).toEqual({ emails: 0, phones: 0, people: 1 });
    expect(
      countIn(nothing, { ...emptyResult(), contacts: [{ ...contact, emailStatus: "found" }] }),
    ).toEqual({ emails: 1, phones: 0, people: 1 });
  });
});

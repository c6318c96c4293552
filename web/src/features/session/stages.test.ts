import { expect, it } from "vitest";
import { summarise } from "./stages.ts";

const session = {
  status: "active",
  companies_count: 1,
  selected_count: 1,
  jobs_count: 7,
  runs_total: 2,
  runs_finished: 1,
  enrichment_total: 4,
  enrichment_completed: 1,
  enrichment_failed: 0,
  leads_total: 0,
  leads_sent: 0,
};

it("says of a paused session's work that it is paused, and how far it has come", () => {
  const paused = { ...session, status: "paused" };
  expect(summarise("scraping", session)).toMatchObject({ state: "running", share: 0.5 });
  expect(summarise("scraping", paused)).toMatchObject({ state: "paused", share: 0.5 });
  expect(summarise("enrichment", paused)).toMatchObject({ state: "paused", share: 0.25 });
});

it("says what a stage needs before there is anything to do in it", () => {
  const empty = {
    ...session,
    companies_count: 0,
    jobs_count: 0,
    enrichment_completed: 0,
    enrichment_total: 0,
  };
  expect(summarise("enrichment", empty).needs).toMatch(/scrape/);
  expect(summarise("campaigns", empty).needs).toMatch(/enrich/);
  expect(summarise("results", empty).needs).toMatch(/postings/);
});

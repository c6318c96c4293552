import { describe, expect, it } from "vitest";
import type { JsonObject, WorkItem } from "../queue/queue.ts";
import { FakeClock } from "../safe-fetch/fake-clock.ts";
import { readEndpoints } from "../sources/endpoints.ts";
import { type Source, type SourceRef, type StepResult, stepResult } from "../sources/source.ts";
import { createScrapeHandler } from "./scrape-handler.ts";

const ref: SourceRef = {
  kind: "feed",
  key: "feed:https://shop.example/jobs.xml",
  label: "shop.example",
  target: "https://shop.example/jobs.xml",
  company: { name: null, domain: "shop.example" },
};

function run(step: Source["step"], payload: JsonObject) {
  const source: Source = {
    kind: "feed",
    detect: () => null,
    plan: () => ({ requests: 1, seconds: 1, costUsd: null, note: "" }),
    step,
  };
  const handler = createScrapeHandler({
    sources: { feed: source },
    endpoints: readEndpoints(() => undefined),
    apify: null,
    openUpload: (ownerId) => async (url) => {
      throw new Error(`${url} of ${ownerId}`);
    },
  });
  const item: WorkItem = {
    id: "item",
    lease: "1",
    kind: "scrape",
    provider: "feed",
    ownerId: "owner",
    sessionId: "session",
    groupId: "run",
    subjectId: "run",
    attempts: 1,
    maxAttempts: 5,
    payload,
  };
  return handler.run(item, {
    signal: new AbortController().signal,
    clock: new FakeClock(),
    fetch: () => Promise.reject(new Error("no network here")),
    open: async (url) => Promise.reject(new Error(`door: ${url}`)),
    progress: () => {},
    log: () => {},
  });
}

const page = (parts: Partial<StepResult>) =>
  stepResult({ step: "page 1/2", done: 1, total: 2 }, parts);

describe("a scraping step", () => {
  it("hands the source its reference and checkpoint, with what SQL left out as null", async () => {
    const seen: unknown[] = [];
    const step: Source["step"] = async (_context, given, checkpoint) => {
      seen.push(given, checkpoint);
      return page({ outcome: "zero" });
    };
    await run(step, { source: { ...ref, company: { domain: "shop.example" } } });
    await run(step, { source: ref, checkpoint: { offset: 20 } });
    expect(seen).toEqual([ref, null, ref, { offset: 20 }]);
  });

  it("in the middle goes on from the source's checkpoint and names no outcome", async () => {
    const step = async () => page({ next: { offset: 20 }, resumeAfterMs: 3_000, errors: 1 });
    const outcome = await run(step, { source: ref });
    expect(outcome.next).toEqual({ checkpoint: { offset: 20 }, afterMs: 3_000 });
    expect(outcome.effect).toEqual({
      postings: [],
      companies: [],
      sources: [],
      progress: { step: "page 1/2", done: 1, total: 2 },
      log: [],
      errors: 1,
      cost_usd: null,
    });
  });

  it("at the end says how it went", async () => {
    const step = async () =>
      page({ outcome: "found", message: "two pages", exhaustive: true, costUsd: 0.2 });
    const outcome = await run(step, { source: ref });
    expect(outcome.next).toBeUndefined();
    expect(outcome.effect).toMatchObject({
      outcome: "found",
      message: "two pages",
      exhaustive: true,
      cost_usd: 0.2,
    });
  });

  it("makes sources of the boards that a list of companies names", async () => {
    const company = { name: "Shop", domain: null, url: null, city: null, country: null };
    const step = async () =>
      page({
        companies: [
          { ...company, source: ref },
          { ...company, name: "Other", source: null },
        ],
        outcome: "found",
      });
    const outcome = await run(step, { source: ref });
    expect(outcome.effect).toMatchObject({
      companies: [company, { ...company, name: "Other" }],
      sources: [{ ...ref, options: null }],
    });
  });

  it("opens uploads as their owner and everything else through the door", async () => {
    const opening =
      (url: string): Source["step"] =>
      async ({ open, signal }) => {
        await open?.(url, { from: 0, signal });
        return page({ outcome: "zero" });
      };
    await expect(run(opening("upload:1"), { source: ref })).rejects.toThrow("upload:1 of owner");
    await expect(run(opening("https://x.example/"), { source: ref })).rejects.toThrow(
      "door: https",
    );
  });

  it("refuses a payload that is none, and a source nobody reads", async () => {
    const step = async () => page({ outcome: "zero" });
    const final = { code: "not_a_source", retryable: false };
    await expect(run(step, {})).rejects.toMatchObject(final);
    await expect(run(step, { source: { ...ref, target: 5 } })).rejects.toMatchObject(final);
    await expect(run(step, { source: { ...ref, kind: "lever" } })).rejects.toThrow("lever");
  });
});

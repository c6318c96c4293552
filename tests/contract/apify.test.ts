import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apify } from "../../functions/_shared/sources/apify.ts";
import { apifySettings } from "../../functions/_shared/sources/apify-api.ts";
import type {
  JsonObject,
  SourceContext,
  SourceRef,
} from "../../functions/_shared/sources/source.ts";
import { ApifyVendor, error } from "./apify-vendor.ts";
import { contextAt, runSource } from "./run-source.ts";
import { startVendor } from "./vendor-server.ts";

const ref: SourceRef = {
  kind: "apify",
  key: "apify:acme~jobs",
  label: "acme/jobs",
  target: "acme~jobs",
  options: { input: { query: "baker", place: { city: "Bonn" } }, maxItems: 2000, memory: 512 },
};

let account: ApifyVendor;
let vendor: Awaited<ReturnType<typeof startVendor>>;
let ctx: SourceContext;
beforeEach(async () => {
  account = new ApifyVendor();
  vendor = await startVendor(account.answer);
  ctx = contextAt(vendor.url, {
    apify: { token: "good", maxUsd: 5, webhookUrl: "https://otis.example/webhooks/secret" },
  });
});
afterEach(() => vendor.close());

const starts = () =>
  vendor.requests.filter(({ method, url }) => method === "POST" && url.pathname.endsWith("/runs"));

describe("an Apify actor", () => {
  it("is started once with its input and limits, waited for, and its dataset read to the end", async () => {
    const { last, postings, steps } = await runSource(ctx, ref);
    expect(postings.size).toBe(1080);
    expect(last).toMatchObject({ outcome: "found", exhaustive: true, costUsd: expect.any(Number) });
    expect(starts()).toHaveLength(1);
    const [start] = starts();
    expect(start?.body).toEqual(ref.options?.input);
    expect(start?.url.searchParams.get("maxItems")).toBe("2000");
    const webhooks = JSON.parse(atob(start?.url.searchParams.get("webhooks") ?? ""));
    expect(webhooks[0].requestUrl).toBe("https://otis.example/webhooks/secret");
    expect(steps.some((step) => step.resumeAfterMs > 0 && step.next !== null)).toBe(true);
    // What it had found already came in while it was still running.
    expect(steps.find((step) => step.postings.length > 0)?.progress.step).toMatch(/^running/);
  });

  it("is not started twice when steps are killed, nor when the answer to the start is lost", async () => {
    expect((await runSource(ctx, ref, (attempt) => attempt % 2 === 0)).postings.size).toBe(1080);
    expect(account.runs).toHaveLength(1);

    account.losesAnswer = true;
    const begun = await apify.step(ctx, ref, null);
    await expect(apify.step(ctx, ref, begun.next)).rejects.toMatchObject({ name: "SourceError" });
    const resumed = await apify.step(ctx, ref, begun.next);
    expect(resumed.next).toMatchObject({ phase: "run", runId: account.runs[1]?.id });
    expect(account.runs).toHaveLength(2);
  });

  it("costs no more than the operator allows, and less where its owner says so", async () => {
    const charges = async (options: JsonObject) => {
      const one = { ...ref, options };
      await apify.step(ctx, one, (await apify.step(ctx, one, null)).next);
      return starts().at(-1)?.url.searchParams.get("maxTotalChargeUsd");
    };
    expect(await charges({})).toBe("5");
    expect(await charges({ maxTotalChargeUsd: 1000 })).toBe("5");
    expect(await charges({ maxTotalChargeUsd: -1 })).toBe("5");
    expect(await charges({ maxTotalChargeUsd: 2 })).toBe("2");
  });

  it("is stopped when its computing has cost more than that, and what it found is kept", async () => {
    // Each look at the account's run has made it 0.25 dearer.
    const poor = { ...ctx, apify: { token: "good", maxUsd: 0.2, webhookUrl: null } };
    const begun = await apify.step(poor, ref, null);
    const started = await apify.step(poor, ref, begun.next);
    const looked = await apify.step(poor, ref, started.next);
    expect(account.aborted).toEqual(["run1x"]);
    expect(looked).toMatchObject({
      next: { runId: "run1x" },
      log: [{ level: "warning", message: "The run has cost over $0.2: it is stopped." }],
    });
  });

  it("does not take an older run, or one with another input, for its own", async () => {
    await runSource(ctx, ref);
    const begun = await apify.step(ctx, ref, null);
    account.runs.push({
      id: "runForeign",
      input: { query: "miller" },
      polls: 0,
      status: "RUNNING",
    });
    expect((await apify.step(ctx, ref, begun.next)).next).toMatchObject({ runId: "run3x" });
  });

  it("keeps what a run had found that was cut short, and does not call that everything", async () => {
    account.end = "TIMED-OUT";
    expect((await runSource(ctx, ref)).last).toMatchObject({
      outcome: "found",
      exhaustive: false,
      message: expect.stringContaining("TIMED-OUT"),
    });
    account.items = 0;
    account.end = "FAILED";
    expect((await runSource(ctx, ref)).last).toMatchObject({
      outcome: "failed",
      message: expect.stringContaining("FAILED"),
    });
  });

  it("may find nothing", async () => {
    account.items = 0;
    expect((await runSource(ctx, ref)).last).toMatchObject({ outcome: "zero", exhaustive: true });
  });

  it("is aborted when the user cancels", async () => {
    const begun = await apify.step(ctx, ref, null);
    const running = await apify.step(ctx, ref, begun.next);
    await apify.cancel?.(ctx, ref, running.next);
    expect(account.aborted).toEqual(["run1x"]);
  });

  it("needs a token that Apify accepts", async () => {
    const step = (token: string) =>
      apify.step({ ...ctx, apify: apifySettings({ APIFY_TOKEN: token }) }, ref, null);
    expect(await step("")).toMatchObject({
      outcome: "failed",
      message: expect.stringContaining("No Apify token"),
    });
    expect(await step("bad")).toMatchObject({
      outcome: "failed",
      message: expect.stringContaining("refuses the token"),
    });
    expect(await apify.step(ctx, { ...ref, target: "acme~none" }, null)).toMatchObject({
      outcome: "unknown",
    });
  });

  it.each([
    "../webhooks?x=",
    "../actor-runs/run1x/abort?x=",
    "acme~jobs/runs/last/abort#",
    "acme~jobs?x=",
    "..",
    "%2e%2e",
    "",
  ])("that no actor can be called (%s) is asked nothing of Apify", async (target) => {
    const forged = { ...ref, target };
    const begun = { phase: "start", newest: null };
    for (const checkpoint of [null, begun]) {
      expect(await apify.step(ctx, forged, checkpoint)).toMatchObject({ outcome: "unknown" });
      await apify.cancel?.(ctx, forged, checkpoint);
    }
    expect(vendor.requests).toEqual([]);
  });

  it("waits while the account is busy, and gives up when it has no credit", async () => {
    const begun = await apify.step(ctx, ref, null);
    account.refusal = error(402, "actor-memory-limit-exceeded", "too much");
    await expect(apify.step(ctx, ref, begun.next)).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: 60,
    });
    account.refusal = {
      ...error(429, "rate-limit-exceeded", "slow"),
      headers: { "retry-after": "3" },
    };
    await expect(apify.step(ctx, ref, begun.next)).rejects.toMatchObject({ retryAfterSeconds: 3 });
    account.refusal = error(403, "not-enough-usage-to-run-paid-actor", "no credit");
    expect(await apify.step(ctx, ref, begun.next)).toMatchObject({
      outcome: "failed",
      message: expect.stringContaining("credit"),
    });
  });
});

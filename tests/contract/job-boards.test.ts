import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sources } from "../../functions/_shared/sources/catalogue.ts";
import type {
  SourceContext,
  SourceKind,
  SourceRef,
} from "../../functions/_shared/sources/source.ts";
import { answerAsJobBoards, openings } from "./job-boards.ts";
import { contextAt, runSource } from "./run-source.ts";
import { startVendor } from "./vendor-server.ts";

const kinds = [
  "greenhouse",
  "lever",
  "ashby",
  "recruitee",
  "personio",
  "smartrecruiters",
  "workable",
] as const;
const refOf = (kind: SourceKind, target: string): SourceRef => ({
  kind,
  key: `${kind}:${target}`,
  label: target,
  target,
});

let vendor: Awaited<ReturnType<typeof startVendor>>;
let ctx: SourceContext;
beforeEach(async () => {
  vendor = await startVendor(answerAsJobBoards);
  ctx = contextAt(vendor.url);
  // The other endpoints are overridden, so the careers page is as well.
  ctx = {
    ...ctx,
    endpoints: {
      ...ctx.endpoints,
      smartrecruiters_careers: `${vendor.url}/smartrecruiters_careers`,
    },
  };
});
afterEach(() => vendor.close());

describe.each(kinds)("a board on %s", (kind) => {
  it("is read to its end, every opening once", async () => {
    const { last, postings } = await runSource(ctx, refOf(kind, "acme"));
    expect(last).toMatchObject({ outcome: "found", exhaustive: true, message: null });
    expect(postings.size).toBe(openings);
    expect([...postings.values()].every((posting) => posting.company.name === "Acme")).toBe(true);
  });

  it("loses and doubles nothing when every other step is killed", async () => {
    const { last, postings } = await runSource(
      ctx,
      refOf(kind, "acme"),
      (attempt) => attempt % 2 === 0,
    );
    expect(last.outcome).toBe("found");
    expect(postings.size).toBe(openings);
  });

  it("without openings is empty, one that does not exist is unknown", async () => {
    expect((await runSource(ctx, refOf(kind, "empty"))).last).toMatchObject({
      outcome: "zero",
      exhaustive: true,
      message: expect.stringContaining("no openings"),
    });
    const unknown = (await runSource(ctx, refOf(kind, "nobody"))).last;
    expect(unknown).toMatchObject({
      outcome: "unknown",
      exhaustive: false,
      message: expect.stringContaining("does not exist"),
    });
  });

  it("that lets nobody in, or answers something else, has failed", async () => {
    expect((await runSource(ctx, refOf(kind, "closed"))).last).toMatchObject({
      outcome: "failed",
      message: expect.stringContaining("403"),
    });
    expect((await runSource(ctx, refOf(kind, "broken"))).last).toMatchObject({
      outcome: "failed",
      message: expect.stringContaining("no list of jobs"),
    });
  });

  it("that is busy is tried again when it says so, and one that is down as well", async () => {
    const busy = refOf(kind, "busy");
    await expect(sources[kind].step(ctx, busy, null)).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: 7,
    });
    expect((await runSource(ctx, busy)).postings.size).toBe(openings);
    await expect(sources[kind].step(ctx, refOf(kind, "down"), null)).rejects.toMatchObject({
      code: "server_error",
      retryAfterSeconds: null,
    });
  });

  it("is left alone once the user cancels", async () => {
    const cancelled = { ...ctx, signal: AbortSignal.abort(new Error("cancelled")) };
    await expect(sources[kind].step(cancelled, refOf(kind, "acme"), null)).rejects.toThrow(
      "cancelled",
    );
    expect(vendor.requests).toHaveLength(0);
  });
});

describe("a board whose address leads to the vendor's own site", () => {
  it("does not exist", async () => {
    const { last } = await runSource(ctx, refOf("personio", "moved"));
    expect(last).toMatchObject({
      outcome: "unknown",
      message: expect.stringContaining("leads elsewhere"),
    });
  });
});

describe("the texts of SmartRecruiters' postings", () => {
  it("follow their rows, page by page", async () => {
    const { postings, steps } = await runSource(ctx, refOf("smartrecruiters", "acme"));
    expect(steps[0]?.postings).toHaveLength(100);
    expect(steps[0]?.postings[0]?.descriptionText).toBe("");
    const texts = [...postings.values()].map((posting) => posting.descriptionText);
    expect(texts.filter((text) => text.startsWith("Job\n\nText"))).toHaveLength(openings);
  });

  it("tell an empty board from an unknown one only by the careers page", async () => {
    const silent = { ...ctx, endpoints: { ...ctx.endpoints, smartrecruiters_careers: "" } };
    expect((await runSource(silent, refOf("smartrecruiters", "nobody"))).last.outcome).toBe("zero");
  });
});

import * as z from "zod/mini";
import { buildPosting, withCompany } from "../postings/build-posting.ts";
import { separateOpenings } from "../postings/dedupe-key.ts";
import type { Posting } from "../postings/posting.ts";
import { apifyRequest } from "./apify-api.ts";
import { at, type Fields, fields, list, text } from "./json.ts";
import { draftFromRecord } from "./loose-record.ts";
import {
  type ApifyAccount,
  type Json,
  type JsonObject,
  type LogLine,
  type Outcome,
  type Source,
  type SourceContext,
  type SourceRef,
  type StepResult,
  stepResult,
} from "./source.ts";

/** Items fetched at once; Apify allows more, one transaction should not hold more. */
const itemsPerPage = 500;
const pollMs = 5_000;

/*
 * Starting a run costs money, and the answer to the start may be lost. So the intent is committed
 * first: the checkpoint remembers the newest run of the actor (by Apify's own list, so no clocks
 * are compared). A later attempt looks at the runs that are newer than that, and adopts one that
 * was given the same input instead of starting a second.
 */
const checkpointSchema = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("start"), newest: z.nullable(z.string()) }),
  z.object({
    phase: z.literal("run"),
    runId: z.string(),
    datasetId: z.string(),
    offset: z.number(),
    found: z.number(),
  }),
]);
type RunState = Extract<z.infer<typeof checkpointSchema>, { phase: "run" }>;

const terminal: Record<string, "ok" | "cut"> = {
  SUCCEEDED: "ok",
  FAILED: "cut",
  ABORTED: "cut",
  "TIMED-OUT": "cut",
};

export const apify: Source = {
  kind: "apify",
  detect: detectActor,
  plan: (ref) => ({
    requests: 10,
    seconds: 120,
    costUsd: typeof ref.options?.costUsd === "number" ? ref.options.costUsd : null,
    note: "what the actor costs is decided by its author; set maxItems to bound it",
  }),
  async step(ctx, ref, checkpoint) {
    if (!namesActor.test(ref.target)) return stopped("unknown", "This is no name of an actor.");
    const account = ctx.apify;
    if (!account) return stopped("failed", "No Apify token is set. Add one in the settings.");
    const state = checkpoint === null ? null : checkpointSchema.parse(checkpoint);
    if (state === null) return await prepare(ctx, ref, account);
    return state.phase === "start"
      ? await start(ctx, ref, account, state.newest)
      : await advance(ctx, ref, account, state);
  },
  async cancel(ctx, ref, checkpoint) {
    const account = ctx.apify;
    const state = checkpoint === null ? null : checkpointSchema.parse(checkpoint);
    if (!account || state === null || !namesActor.test(ref.target)) return;
    const runId =
      state.phase === "run" ? state.runId : await findOwnRun(ctx, ref, account, state.newest);
    if (runId === null || typeof runId !== "string") return;
    await abort(ctx, account, runId);
  },
};

/** The run ends soon, and keeps what it has found. */
async function abort(ctx: SourceContext, account: ApifyAccount, runId: string): Promise<void> {
  const path = `/actor-runs/${runId}/abort?gracefully=true`;
  await apifyRequest(ctx, account, path, { method: "POST" });
}

/**
 * An actor's id, or "user~name". The target stands in the path of requests that carry the operator's
 * token, and a client can start a scrape without `detect`: nothing else may get there.
 */
const namesActor = /^(?!\.)[\w.-]+(~[\w.-]+)?$/;

/** "apify:user/name", "user~name" after the prefix, or an address in Apify's store or console. */
function detectActor(input: string): SourceRef | null {
  const named = /^apify:\s*([\w.-]+)(?:[/~]([\w.-]+))?$/i.exec(input.trim());
  const url = named === null ? URL.parse(input.trim()) : null;
  const path = url?.pathname ?? "";
  const match =
    named ??
    (url?.hostname === "console.apify.com" ? /^\/(?:actors|tasks)\/(\w+)/.exec(path) : null) ??
    (url?.hostname === "api.apify.com"
      ? /^\/v2\/act(?:or)?s\/([\w.-]+)(?:~([\w.-]+))?/.exec(path)
      : null) ??
    (url?.hostname === "apify.com" && !/^\/(store|pricing|docs|blog|about)/.test(path)
      ? /^\/([\w.-]+)\/([\w.-]+)/.exec(path)
      : null);
  if (match?.[1] === undefined) return null;
  const target = match[2] === undefined ? match[1] : `${match[1]}~${match[2]}`;
  return {
    kind: "apify",
    key: `apify:${target.toLowerCase()}`,
    label: `${target.replace("~", "/")} (Apify)`,
    target,
  };
}

function stopped(outcome: Outcome, message: string, parts: Partial<StepResult> = {}): StepResult {
  return stepResult(
    { step: "stopped", done: 0, total: null },
    { outcome, message, errors: 1, ...parts },
  );
}

/** Commits the intent before anything costs money. */
async function prepare(
  ctx: SourceContext,
  ref: SourceRef,
  account: ApifyAccount,
): Promise<StepResult> {
  const runs = await recentRuns(ctx, ref, account);
  if (!Array.isArray(runs)) return stopped(runs.outcome, runs.message);
  const newest = text(runs[0]?.id);
  return stepResult(
    { step: "starting the actor", done: 0, total: null },
    { next: { phase: "start", newest } },
  );
}

async function start(
  ctx: SourceContext,
  ref: SourceRef,
  account: ApifyAccount,
  newest: string | null,
): Promise<StepResult> {
  const own = await findOwnRun(ctx, ref, account, newest);
  if (own !== null && typeof own !== "string") return stopped(own.outcome, own.message);
  const path =
    own === null ? `/actors/${ref.target}/runs${startQuery(account, ref)}` : `/actor-runs/${own}`;
  const init = own === null ? { method: "POST" as const, body: JSON.stringify(inputOf(ref)) } : {};
  const answer = await apifyRequest(ctx, account, path, init);
  if (answer.refusal !== null) return stopped(answer.refusal.outcome, answer.refusal.message);
  const run = fields(at(answer.value, "data"));
  const [runId, datasetId] = [text(run?.id), text(run?.defaultDatasetId)];
  if (runId === null || datasetId === null) {
    return stopped("failed", "Apify's answer to the start of the actor cannot be understood.");
  }
  const next = { phase: "run", runId, datasetId, offset: 0, found: 0 };
  return stepResult(
    { step: "the actor is running", done: 0, total: null },
    {
      next,
      resumeAfterMs: pollMs,
      log: [{ level: "info", message: `Apify run ${runId} has started.` }],
    },
  );
}

/** What the actor is given; `options.input`, or nothing. */
function inputOf(ref: SourceRef): JsonObject {
  const input = ref.options?.input;
  return typeof input === "object" && input !== null && !Array.isArray(input) ? input : {};
}

function startQuery({ maxUsd, webhookUrl }: ApifyAccount, ref: SourceRef): string {
  const query = new URLSearchParams();
  for (const name of ["timeout", "memory", "maxItems"]) {
    const value = ref.options?.[name];
    if (typeof value === "number") query.set(name, String(value));
  }
  const wanted = ref.options?.maxTotalChargeUsd;
  const charge = typeof wanted === "number" && wanted >= 0 ? Math.min(wanted, maxUsd) : maxUsd;
  query.set("maxTotalChargeUsd", String(charge));
  if (webhookUrl !== null) {
    const eventTypes = [
      "ACTOR.RUN.SUCCEEDED",
      "ACTOR.RUN.FAILED",
      "ACTOR.RUN.ABORTED",
      "ACTOR.RUN.TIMED_OUT",
    ];
    query.set("webhooks", btoa(JSON.stringify([{ eventTypes, requestUrl: webhookUrl }])));
  }
  return `?${query}`;
}

type Refused = { outcome: "unknown" | "failed"; message: string };

/** The actor's runs, newest first. */
async function recentRuns(
  ctx: SourceContext,
  ref: SourceRef,
  account: ApifyAccount,
): Promise<Fields[] | Refused> {
  const answer = await apifyRequest(ctx, account, `/actors/${ref.target}/runs?desc=true&limit=20`);
  if (answer.refusal !== null) return answer.refusal;
  return list(at(answer.value, "data", "items"))
    .map(fields)
    .filter((run) => run !== null);
}

/** The run that an earlier attempt started: newer than the intent, with the same input. */
async function findOwnRun(
  ctx: SourceContext,
  ref: SourceRef,
  account: ApifyAccount,
  newest: string | null,
): Promise<string | null | Refused> {
  const runs = await recentRuns(ctx, ref, account);
  if (!Array.isArray(runs)) return runs;
  const known = runs.findIndex((run) => text(run.id) === newest);
  const wanted = canonicalJson(inputOf(ref));
  for (const run of known < 0 ? runs : runs.slice(0, known)) {
    const store = text(run.defaultKeyValueStoreId);
    if (store === null) continue;
    const answer = await apifyRequest(ctx, account, `/key-value-stores/${store}/records/INPUT`);
    if (answer.refusal === null && canonicalJson(answer.value) === wanted) return text(run.id);
  }
  return null;
}

/** JSON with sorted keys, so that equal inputs are equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    const node = fields(inner);
    return node === null
      ? inner
      : Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Looks how the run is doing and reads what it has put into its dataset so far. */
async function advance(
  ctx: SourceContext,
  ref: SourceRef,
  account: ApifyAccount,
  state: RunState,
): Promise<StepResult> {
  const answer = await apifyRequest(ctx, account, `/actor-runs/${state.runId}`);
  if (answer.refusal !== null) return stopped(answer.refusal.outcome, answer.refusal.message);
  const run = fields(at(answer.value, "data")) ?? {};
  const status = text(run.status) ?? "";
  const end = terminal[status];
  const costUsd = typeof run.usageTotalUsd === "number" ? run.usageTotalUsd : null;
  // Apify itself bounds what an actor charges, not what its computing costs.
  const isTooDear = costUsd !== null && costUsd > account.maxUsd && status === "RUNNING";
  const log: LogLine[] = [];
  if (isTooDear) {
    await abort(ctx, account, state.runId);
    const message = `The run has cost over $${account.maxUsd}: it is stopped.`;
    log.push({ level: "warning", message });
  }
  const query = `offset=${state.offset}&limit=${itemsPerPage}&clean=true`;
  const items = await apifyRequest(ctx, account, `/datasets/${state.datasetId}/items?${query}`);
  if (items.refusal !== null)
    return stopped(items.refusal.outcome, items.refusal.message, { costUsd });
  const total = Number(items.page.headers.get("x-apify-pagination-total") ?? 0);
  // Clean leaves items out, so pages are counted by offset, never by what came. While the run
  // goes on only full pages are taken: the rest of a page may still be written.
  const isFull = state.offset + itemsPerPage <= total;
  const taken = isFull || end !== undefined;
  const postings = taken ? postingsOf(items.value, ref, ctx.clock.now()) : [];
  const found = state.found + postings.length;
  const offset = isFull ? state.offset + itemsPerPage : state.offset;
  const next: { [key: string]: Json } = { ...state, offset, found };
  const step = `${status.toLowerCase()}, ${Math.min(offset, total)}/${total} items`;
  const progress = { step, done: taken && !isFull ? total : offset, total };
  if (isFull) return stepResult(progress, { postings, next, costUsd, log });
  if (end === undefined) return stepResult(progress, { next, costUsd, log, resumeAfterMs: pollMs });
  return finish(progress, { postings, costUsd }, end, status, found, total);
}

function finish(
  progress: StepResult["progress"],
  parts: { postings: Posting[]; costUsd: number | null },
  end: "ok" | "cut",
  status: string,
  found: number,
  total: number,
): StepResult {
  if (end === "ok") {
    const none =
      total > 0 ? `none of the actor's ${total} items is a job posting` : "the actor found nothing";
    return stepResult(progress, {
      ...parts,
      outcome: found > 0 ? "found" : "zero",
      message: found > 0 ? null : `The run succeeded, but ${none}.`,
      exhaustive: true,
    });
  }
  const message = `The Apify run ended as ${status}; the ${found} postings it had found are kept.`;
  return stepResult(progress, {
    ...parts,
    outcome: found > 0 ? "found" : "failed",
    message,
    errors: 1,
  });
}

/** Items of an actor's dataset, whatever its author calls their fields. */
export function postingsOf(items: unknown, ref: SourceRef, now: number): Posting[] {
  const known = ref.company ?? { name: null, domain: null };
  const postings = list(items)
    .map(fields)
    .map((item) => (item === null ? null : buildPosting(draftFromRecord(item), { now })))
    .filter((posting) => posting !== null)
    .map((posting) => withCompany(posting, known));
  return separateOpenings(postings);
}

import { OtisError } from "../contract/errors.ts";
import type { ActionData, DetectedSource, Forecast } from "../contract/workflow.ts";
import type { Plan, SourceRef } from "../sources/source.ts";
import { forecastEnrichment, type PriceList } from "./enrichment.ts";
import { type ActionContext, callSql, type Runs } from "./run.ts";

/** What the actions need of the sources; both are pure. */
export interface SourceCatalogue {
  detect(input: string): SourceRef | null;
  plan(ref: SourceRef): Plan;
}

type SourceInput = ActionData<"start_scraping">["sources"][number];

/** A source as SQL takes it; `config` is what the worker needs to begin. */
interface SourceRow {
  readonly kind: string;
  readonly key: string;
  readonly label: string;
  readonly config: Omit<SourceRef, "kind" | "key" | "label">;
}

export function createScrapingRuns(
  catalogue: SourceCatalogue,
  prices: PriceList,
): Runs<"detect_sources" | "start_scraping" | "forecast"> {
  return {
    detect_sources: async ({ inputs }) => ({
      sources: inputs.map((input) => describe(catalogue, input)),
    }),
    start_scraping: (data, context) =>
      callSql(context, "start_scraping", {
        session_id: data.session_id,
        sources: resolve(catalogue, data.sources).map(toRow),
      }),
    forecast: (data, context) =>
      data.kind === "scraping"
        ? forecastScraping(catalogue, data.session_id, data.sources, context)
        : forecastEnrichment(prices, data, context),
  };
}

function describe(catalogue: SourceCatalogue, input: string): DetectedSource {
  const ref = catalogue.detect(input.trim());
  if (ref) return { input, kind: ref.kind, key: ref.key, label: ref.label, message: null };
  const message =
    "This is no address OTIS knows. Give the address of a careers page, job board or feed, or drop a CSV file.";
  return { input, kind: null, key: null, label: input.slice(0, 120), message };
}

/** Every input as a source, each source once; not_a_source names the first that is none. */
function resolve(catalogue: SourceCatalogue, inputs: readonly SourceInput[]): SourceRef[] {
  const byKey = new Map<string, SourceRef>();
  for (const input of inputs) {
    const ref = "upload_id" in input ? uploaded(input) : catalogue.detect(input.input);
    if (!ref) {
      const shown = "input" in input ? input.input.slice(0, 120) : input.name;
      throw new OtisError(
        "not_a_source",
        `"${shown}" is no source OTIS knows. Nothing was started.`,
        {
          details: { input: shown },
        },
      );
    }
    const options = "options" in input ? input.options : undefined;
    byKey.set(ref.key, options ? { ...ref, options: { ...ref.options, ...asJson(options) } } : ref);
  }
  return [...byKey.values()];
}

const uploaded = ({ upload_id, name }: { upload_id: string; name: string }): SourceRef => ({
  kind: "csv",
  key: `csv:${name.toLowerCase()}`,
  label: name,
  target: `upload:${upload_id}`,
});

const asJson = (value: Record<string, unknown>): NonNullable<SourceRef["options"]> =>
  JSON.parse(JSON.stringify(value));

const toRow = ({ kind, key, label, ...config }: SourceRef): SourceRow => ({
  kind,
  key,
  label,
  config,
});

/** Sources that a worker reads at the same time, as the estimate counts on while they run. */
const SIDE_BY_SIDE = 16;

/** Seconds until all are read: no sooner than the longest, nor than so many at a time allow. */
export const secondsTogether = (seconds: readonly number[]) =>
  Math.ceil(Math.max(0, ...seconds, sum(seconds) / SIDE_BY_SIDE));

/** The sources' own plans, with the time from history where this kind has one. */
async function forecastScraping(
  catalogue: SourceCatalogue,
  sessionId: string,
  inputs: readonly SourceInput[],
  context: ActionContext,
): Promise<Forecast> {
  const planned = resolve(catalogue, inputs).map((ref) => ({
    kind: ref.kind,
    plan: catalogue.plan(ref),
  }));
  const history = await callSql<Record<string, number>>(context, "source_seconds", {
    session_id: sessionId,
    kinds: [...new Set(planned.map(({ kind }) => kind))],
  });
  const seconds = planned.map(({ kind, plan }) => history[kind] ?? plan.seconds);
  return {
    requests: sum(planned.map(({ plan }) => plan.requests)),
    seconds: secondsTogether(seconds),
    cost: sum(planned.map(({ plan }) => plan.costUsd ?? 0)),
    basis: planned.some(({ kind }) => kind in history) ? "history" : "default",
    notes: notesOf(planned.map(({ plan }) => plan.note)),
  };
}

/** A note helps with one kind of source; of many kinds the sum says more. */
function notesOf(notes: readonly string[]): string[] {
  const different = [...new Set(notes.filter((note) => note !== ""))];
  return different.length === 1 ? different : [];
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

import type { Posting } from "../../functions/_shared/postings/posting.ts";
import { sources } from "../../functions/_shared/sources/catalogue.ts";
import { type EndpointName, readEndpoints } from "../../functions/_shared/sources/endpoints.ts";
import type {
  Checkpoint,
  Fetcher,
  SourceContext,
  SourceRef,
  StepResult,
} from "../../functions/_shared/sources/source.ts";

/** The runtime's own fetch, without any of OTIS's rules: the servers are on loopback. */
export const plainFetch: Fetcher = async (url, init) => {
  const response = await fetch(url, init);
  return {
    status: response.status,
    url: response.url,
    headers: response.headers,
    contentType: response.headers.get("content-type"),
    body: new Uint8Array(await response.arrayBuffer()),
  };
};

/** A context whose vendors all live at `base`, under the names of their settings. */
export function contextAt(base: string, changes: Partial<SourceContext> = {}): SourceContext {
  const endpoint = (name: string) => `${base}/${name.replace("OTIS_ENDPOINT_", "").toLowerCase()}`;
  return {
    fetch: plainFetch,
    signal: new AbortController().signal,
    clock: { now: () => Date.UTC(2026, 5, 1) },
    endpoints: readEndpoints(endpoint),
    ...changes,
  };
}

/** Path of a vendor's endpoint on the shared server. */
export function pathOf(url: URL, name: EndpointName): string | null {
  const prefix = `/${name}/`;
  return url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length - 1) : null;
}

export type Finished = { last: StepResult; steps: StepResult[]; postings: Map<string, Posting> };

/**
 * Runs a source to its end as the queue does: checkpoints pass through JSON, and only what is
 * committed counts. `killed` is asked after each step; a killed step leaves nothing behind and is
 * done again from the same checkpoint.
 */
export async function runSource(
  ctx: SourceContext,
  ref: SourceRef,
  killed: (step: number) => boolean = () => false,
): Promise<Finished> {
  const steps: StepResult[] = [];
  const postings = new Map<string, Posting>();
  let checkpoint: Checkpoint | null = null;
  for (let attempt = 0; attempt < 200; attempt++) {
    const result = await sources[ref.kind].step(ctx, ref, checkpoint);
    if (killed(attempt)) continue;
    steps.push(result);
    for (const posting of result.postings) postings.set(posting.dedupeKey, posting);
    if (result.next === null) return { last: result, steps, postings };
    checkpoint = JSON.parse(JSON.stringify(result.next));
  }
  throw new Error(`${ref.key} does not come to an end`);
}

import type { TestDatabase } from "../support/database.ts";
import { held, QueueWorker, type Result } from "./queue-worker.ts";

export interface PostingDraft {
  readonly key: string;
  readonly externalId?: string | null;
  readonly title?: string;
  readonly company?: string | null;
  readonly domain?: string | null;
  readonly department?: string | null;
  readonly salaryMin?: number | null;
  readonly html?: string;
  readonly postedAt?: string | null;
}

/** A posting as a source hands it over, with what the test cares about. */
export function posting(draft: PostingDraft) {
  return {
    externalId: draft.externalId === undefined ? draft.key : draft.externalId,
    url: `https://jobs.example/${draft.key}`,
    applyUrl: null,
    title: draft.title ?? `Engineer ${draft.key}`,
    company: {
      name: draft.company === undefined ? "Acme" : draft.company,
      domain: draft.domain ?? null,
      url: null,
      logoUrl: null,
    },
    location: {
      raw: "Berlin, DE",
      city: "Berlin",
      region: null,
      country: "DE",
      workplace: "hybrid",
    },
    employmentType: "full_time",
    department: draft.department ?? null,
    salary:
      draft.salaryMin == null
        ? null
        : { min: draft.salaryMin, max: null, currency: "EUR", period: "year" },
    postedAt: draft.postedAt === undefined ? "2026-11-01T00:00:00Z" : draft.postedAt,
    validThrough: null,
    descriptionHtml: draft.html ?? "<p>Work</p>",
    descriptionText: "Work",
    dedupeKey: `c:${draft.key}`,
  };
}

export interface Source {
  readonly kind: string;
  readonly key: string;
}

/** Starts a run of a source as its owner would. */
export async function startRun(db: TestDatabase, owner: string, session: string, source: Source) {
  const sources = JSON.stringify([{ ...source, label: source.key, target: source.key }]);
  return db.as(owner, async (sql) => {
    const [row] = await sql<{ result: { run_ids: string[] } }[]>`
      select public.start_scraping(${session}, ${sources}::text::jsonb) as result`;
    return row?.result.run_ids[0] ?? "";
  });
}

/** Runs a source to its end: one step for each list of postings, the last one with the outcome. */
export async function scrape(
  db: TestDatabase,
  owner: string,
  session: string,
  source: Source,
  steps: readonly (readonly PostingDraft[])[],
  ending: object = {},
): Promise<string> {
  const run = await startRun(db, owner, session, source);
  const worker = new QueueWorker(db);
  for (const [index, drafts] of steps.entries()) {
    const items = await worker.claim(100, ["scrape"]);
    const item = items.find((claimed) => claimed.subject_id === run);
    if (!item) throw new Error("the run is not there to be claimed");
    await worker.release(items.filter((other) => other !== item));
    const last = index === steps.length - 1;
    const effect = {
      postings: drafts.map(posting),
      progress: { step: `page ${index + 1}`, done: index + 1, total: steps.length },
      ...(last && { outcome: drafts.length > 0 ? "found" : "zero", ...ending }),
    };
    const result: Result = { ...held(item), effect, ...(!last && { next: { page: index + 2 } }) };
    const accepted = await worker.complete(result);
    if (accepted.length !== 1) throw new Error("the step was refused");
  }
  return run;
}

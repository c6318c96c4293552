import * as z from "zod/mini";
import { buildPosting, withCompany } from "../postings/build-posting.ts";
import { canonicalUrl } from "../postings/canonical-url.ts";
import { separateOpenings } from "../postings/dedupe-key.ts";
import { cleanLine } from "../postings/plain-text.ts";
import type { Posting } from "../postings/posting.ts";
import { type CsvTable, csvTableSchema, readTable } from "./csv-columns.ts";
import { companiesOf } from "./csv-companies.ts";
import { csvDialectSchema, UnreadableCsv } from "./csv-dialect.ts";
import type { CsvRecord } from "./csv-reader.ts";
import { openCsv } from "./csv-stream.ts";
import { draftFromRecord } from "./loose-record.ts";
import {
  type Checkpoint,
  type JsonObject,
  type Source,
  type SourceContext,
  type SourceRef,
  type StepResult,
  stepResult,
} from "./source.ts";

/** One step reads as much as one transaction should write. */
const rowsPerStep = 1000;
/** Records that decide what the columns mean. */
const sampleRows = 50;

/** What a checkpoint holds. */
const savedState = z.object({
  dialect: csvDialectSchema,
  table: csvTableSchema,
  at: z.object({ offset: z.number(), rows: z.number(), used: z.number() }),
});
type SavedState = z.infer<typeof savedState>;

export const csv: Source = {
  kind: "csv",
  detect(input) {
    const upload = /^upload:([\w-]{1,64})$/.exec(input.trim());
    if (upload !== null) return csvRef(input.trim(), "uploaded file");
    const url = canonicalUrl(input);
    if (url === null) return null;
    const { pathname, searchParams, host } = new URL(url);
    const isCsv =
      /\.(csv|tsv)(\.txt)?$/i.test(pathname) ||
      /^(csv|tsv)$/i.test(searchParams.get("format") ?? searchParams.get("output") ?? "");
    return isCsv ? csvRef(url, `${host}${pathname}`) : null;
  },
  plan: () => ({
    requests: 1,
    seconds: 5,
    costUsd: null,
    note: `one step per ${rowsPerStep} rows`,
  }),
  async step(ctx, ref, checkpoint) {
    try {
      return await readRows(ctx, ref, checkpoint);
    } catch (error) {
      if (!(error instanceof UnreadableCsv)) throw error;
      return refused(`The file cannot be read: ${error.message}.`);
    }
  },
};

function csvRef(target: string, name: string): SourceRef {
  return {
    kind: "csv",
    key: `csv:${target.slice(0, 300)}`,
    label: `${name} (CSV)`.slice(0, 200),
    target,
  };
}

function refused(message: string, outcome: "unknown" | "failed" = "failed"): StepResult {
  return stepResult({ step: "stopped", done: 0, total: null }, { outcome, message, errors: 1 });
}

async function readRows(
  ctx: SourceContext,
  ref: SourceRef,
  checkpoint: Checkpoint | null,
): Promise<StepResult> {
  const state = checkpoint === null ? null : savedState.parse(checkpoint);
  const file = await openCsv(ctx, ref, state?.at.offset ?? 0, state?.dialect ?? null);
  if ("outcome" in file) return refused(file.message, file.outcome);
  const { records } = file;
  try {
    const head = state === null ? await take(records, sampleRows) : [];
    const table = state?.table ?? readTable(head.map((record) => record.fields));
    if (table === null) return refused(noColumns(head));
    const at = state?.at ?? { offset: 0, rows: 0, used: 0 };
    const rows = state === null && table.hasHeader ? head.slice(1) : head;
    const more = await take(records, rowsPerStep - rows.length);
    return finishStep(
      ctx,
      ref,
      { dialect: file.dialect, table, at },
      [...rows, ...more],
      file.size,
    );
  } finally {
    await records.return(undefined);
  }
}

async function take(records: AsyncGenerator<CsvRecord>, count: number): Promise<CsvRecord[]> {
  const taken: CsvRecord[] = [];
  while (taken.length < count) {
    const { done, value } = await records.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

function noColumns(head: readonly CsvRecord[]): string {
  const columns = (head[0]?.fields ?? []).map((cell) => cleanLine(cell, 40) ?? "(empty)");
  return `The file has no column with company names, websites or job titles. Its columns are: ${columns.slice(0, 12).join(", ")}. Name one of them “company”.`;
}

function finishStep(
  ctx: SourceContext,
  ref: SourceRef,
  state: SavedState,
  records: readonly CsvRecord[],
  size: number | null,
): StepResult {
  const { table, at } = state;
  const companies = table.kind === "companies" ? companiesOf(records, table.columns) : [];
  const postings =
    table.kind === "jobs" ? postingsOf(records, table.header, ref, ctx.clock.now()) : [];
  const used = companies.length + postings.length;
  const offset = records.at(-1)?.end ?? at.offset;
  const done = { offset, rows: at.rows + records.length, used: at.used + used };
  const ended = records.length < rowsPerStep || (size !== null && offset >= size);
  const total = ended ? done.rows : size === null ? null : Math.round((done.rows * size) / offset);
  const progress = { step: `row ${done.rows}`, done: done.rows, total };
  const next = { dialect: { ...state.dialect }, table: plainTable(table), at: done };
  if (!ended) return stepResult(progress, { postings, companies, next });
  const things = table.kind === "jobs" ? "postings" : "companies";
  return stepResult(progress, {
    postings,
    companies,
    outcome: done.used > 0 ? "found" : "zero",
    message: done.used > 0 ? null : nothingUsed(done.rows, table),
    log: [{ level: "info", message: `${done.rows} rows read, ${done.used} ${things} in them.` }],
    exhaustive: true,
  });
}

function nothingUsed(rows: number, table: CsvTable): string {
  if (rows === 0) return "The file has a header but no rows.";
  const things = table.kind === "jobs" ? "a job title" : "a company";
  return `None of the file's ${rows} rows names ${things}.`;
}

/** The table as plain JSON: an absent column is left out, not undefined. */
function plainTable(table: CsvTable): JsonObject {
  if (table.kind === "jobs") return { ...table };
  const columns: JsonObject = {};
  for (const [name, index] of Object.entries(table.columns)) {
    if (index !== undefined) columns[name] = index;
  }
  return { ...table, columns };
}

function postingsOf(
  records: readonly CsvRecord[],
  header: readonly string[],
  ref: SourceRef,
  now: number,
): Posting[] {
  const postings = records.map(({ fields }) => {
    const record = Object.fromEntries(header.map((name, index) => [name, fields[index] ?? ""]));
    return buildPosting(draftFromRecord(record), { now });
  });
  const known = ref.company ?? { name: null, domain: null };
  return separateOpenings(
    postings.filter((posting) => posting !== null).map((posting) => withCompany(posting, known)),
  );
}

import * as z from "zod/mini";
import type { JsonObject, StepOutcome, WorkItem } from "../queue/queue.ts";
import { csvDialectSchema, UnreadableCsv } from "../sources/csv-dialect.ts";
import { type CsvStream, openCsv } from "../sources/csv-stream.ts";
import type { FileOpener, SourceContext } from "../sources/source.ts";
import type { Handler, HandlerContext } from "./handler.ts";
import { type LeadColumns, leadColumns, leadOf } from "./lead-columns.ts";

/** One step writes as much as one transaction should. */
const ROWS_A_STEP = 1000;

const checkpoint = z.object({
  dialect: csvDialectSchema,
  header: z.array(z.string()),
  offset: z.number(),
  row: z.number(),
});

export interface ImportSettings {
  openUpload: (ownerId: string) => FileOpener;
  endpoints: SourceContext["endpoints"];
}

/** A lead list that the user dropped, row by row, resumed by byte offset. A file that cannot be read ends the import. */
export function createImportHandler(settings: ImportSettings): Handler {
  return {
    kind: "import",
    async run(item, context) {
      try {
        return await readRows(settings, item, context);
      } catch (error) {
        if (!(error instanceof UnreadableCsv)) throw error;
        context.log("error", `The file cannot be read: ${error.message}. Nothing more was added.`);
        return { effect: { leads: [], progress: { step: "the file cannot be read" } } };
      }
    },
  };
}

async function readRows(
  settings: ImportSettings,
  item: WorkItem,
  context: HandlerContext,
): Promise<StepOutcome> {
  const saved = checkpoint.safeParse(item.payload.checkpoint).data;
  const stream = await open(settings, item, context, saved?.offset ?? 0, saved?.dialect ?? null);
  const { columns, header, leads, row, offset, ended } = await readPage(stream, saved);
  if (columns.email === undefined)
    throw new UnreadableCsv("no column holds e-mail addresses; name one “email”");
  const effect = { leads, progress: { step: `row ${row}`, done: row, total: null } };
  return ended
    ? { effect }
    : { effect, next: { checkpoint: { dialect: stream.dialect, header, offset, row } } };
}

async function open(
  { openUpload, endpoints }: ImportSettings,
  item: WorkItem,
  { fetch, signal, clock }: HandlerContext,
  offset: number,
  dialect: CsvStream["dialect"] | null,
): Promise<CsvStream> {
  const target = `upload:${String(item.payload.upload_id)}`;
  const source = { fetch, signal, clock, endpoints, open: openUpload(item.ownerId) };
  const opened = await openCsv(
    source,
    { kind: "csv", key: target, label: "lead list", target },
    offset,
    dialect,
  );
  if ("outcome" in opened) throw new UnreadableCsv(opened.message);
  return opened;
}

async function readPage(stream: CsvStream, saved: z.infer<typeof checkpoint> | undefined) {
  let header = saved?.header ?? null;
  let columns: LeadColumns = header ? leadColumns(header) : {};
  let row = saved?.row ?? 0;
  let offset = saved?.offset ?? 0;
  const leads: JsonObject[] = [];
  for await (const record of stream.records) {
    offset = record.end;
    if (header === null) {
      header = record.fields.map((field) => field.trim());
      columns = leadColumns(header);
      if (columns.email === undefined) break;
      continue;
    }
    row += 1;
    leads.push({ row, ...leadOf(header, columns, record.fields) });
    if (leads.length === ROWS_A_STEP) return { columns, header, leads, row, offset, ended: false };
  }
  return { columns, header: header ?? [], leads, row, offset, ended: true };
}

import { type CsvDialect, detectDialect, sampleBytes } from "./csv-dialect.ts";
import { type CsvRecord, readRecords } from "./csv-reader.ts";
import { type Refusal, refusalOfFailure, refusalOfStatus, request } from "./request.ts";
import type { OpenedFile, SourceContext, SourceRef } from "./source.ts";

export type CsvStream = {
  dialect: CsvDialect;
  /** Size of the file in bytes, where the server tells. */
  size: number | null;
  records: AsyncGenerator<CsvRecord>;
};

/**
 * Opens a CSV file at a record's offset (0 for its beginning, where the dialect is found out).
 * Leaving the records before their end closes the connection. Throws `UnreadableCsv`.
 */
export async function openCsv(
  ctx: SourceContext,
  ref: SourceRef,
  offset: number,
  known: CsvDialect | null,
): Promise<CsvStream | Refusal> {
  const opened = await openFile(ctx, ref.target, offset);
  if ("outcome" in opened) return opened;
  const chunks = skipBytes(opened.stream, offset - opened.from);
  if (known !== null) {
    return { dialect: known, size: opened.size, records: readRecords(chunks, known, offset) };
  }
  const { sample, all } = await withSample(chunks);
  const dialect = detectDialect(sample);
  return {
    dialect,
    size: opened.size,
    records: readRecords(skipBytes(all, dialect.start), dialect, dialect.start),
  };
}

/** As a stream where the context can; else whole, through the ordinary fetch. */
async function openFile(
  ctx: SourceContext,
  url: string,
  from: number,
): Promise<OpenedFile | Refusal> {
  const what = "The CSV file";
  const { open } = ctx;
  if (open === undefined) {
    const answer = await request(ctx, url, what);
    if (answer.page === null) return answer.refusal;
    const { body, status } = answer.page;
    return {
      status,
      from: 0,
      size: body.length,
      stream: new Blob([new Uint8Array(body)]).stream(),
    };
  }
  let opened: OpenedFile;
  try {
    opened = await open(url, { from, signal: ctx.signal });
  } catch (cause) {
    return refusalOfFailure(cause, ctx);
  }
  if (opened.status >= 200 && opened.status < 300) return opened;
  await opened.stream.cancel();
  // 416: the offset is the file's end, and there is nothing left to read.
  if (opened.status === 416 && from > 0) {
    return { ...opened, status: 206, from, stream: new Blob([]).stream() };
  }
  return refusalOfStatus(opened.status, what, null) ?? opened;
}

async function* skipBytes(
  chunks: AsyncIterable<Uint8Array>,
  count: number,
): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of chunks) {
    if (left >= chunk.length) left -= chunk.length;
    else {
      yield left > 0 ? chunk.subarray(left) : chunk;
      left = 0;
    }
  }
}

/** Reads ahead as much as the dialect needs, and gives everything back as one sequence. */
async function withSample(chunks: AsyncGenerator<Uint8Array>) {
  const read: Uint8Array[] = [];
  let length = 0;
  while (length < sampleBytes) {
    const { done, value } = await chunks.next();
    if (done) break;
    read.push(value);
    length += value.length;
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield* read.splice(0);
    yield* chunks;
  };
  return { sample: Buffer.concat(read), all: all() };
}

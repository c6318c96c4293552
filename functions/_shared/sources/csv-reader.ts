import { CsvError, Parser } from "csv-parse";
import { parse } from "csv-parse/sync";
import { type CsvDialect, UnreadableCsv } from "./csv-dialect.ts";

export type CsvRecord = {
  fields: string[];
  /** Bytes of the file up to the end of this record: where reading can go on. */
  end: number;
};

/** A record longer than this is a quote that was never closed. */
const maxRecordBytes = 1_000_000;

/*
 * Records are framed on bytes, so that every record's end is a byte offset to resume at, whatever
 * the encoding: in all encodings but UTF-16 the delimiters, quotes and line ends are single ASCII
 * bytes, so the parser reads the file as Latin-1 and each field is decoded for itself afterwards.
 * UTF-16 is framed as such, big endian after swapping its bytes.
 */

/**
 * The records of a file, in constant memory. `chunks` begins at byte `from`. Lines without any
 * character are skipped, ragged records pass as they are, and a quote that the file never closes
 * ends with the file. Throws `UnreadableCsv` for a record beyond all measure.
 */
export async function* readRecords(
  chunks: AsyncIterable<Uint8Array>,
  dialect: CsvDialect,
  from: number,
): AsyncGenerator<CsvRecord> {
  const wide = dialect.encoding.startsWith("utf-16");
  const decode = wide ? (field: string) => field : fieldDecoder(dialect.encoding);
  const options = {
    delimiter: dialect.delimiter,
    encoding: wide ? ("utf16le" as const) : ("latin1" as const),
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: maxRecordBytes,
    info: true,
    // Every chunk is drained at once, so the parser never has to wait for its reader.
    readableHighWaterMark: maxRecordBytes,
  };
  const parser = new Parser(options);
  let failure: Error | null = null;
  parser.on("error", (error) => {
    failure = error;
  });
  let tail = Buffer.alloc(0);
  let end = 0;
  const drained = function* (): Generator<CsvRecord> {
    for (let entry = parser.read(); entry !== null; entry = parser.read()) {
      tail = tail.subarray(entry.info.bytes - end);
      end = entry.info.bytes;
      yield { fields: entry.record.map(decode), end: from + end };
    }
  };
  try {
    const even = wide ? pairs(chunks, dialect.encoding === "utf-16be") : chunks;
    for await (const chunk of even) {
      tail = Buffer.concat([tail, chunk]);
      parser.write(chunk);
      yield* drained();
      if (failure !== null) throw unreadable(failure);
    }
    await new Promise<void>((resolve) => {
      parser.once("finish", resolve);
      parser.once("error", () => resolve());
      parser.end();
    });
    yield* drained();
  } finally {
    // A reader that is left in the middle would keep its parser alive for good.
    parser.destroy();
  }
  if (failure === null) return;
  if (!isUnclosedQuote(failure)) throw unreadable(failure);
  const closed = Buffer.concat([tail, Buffer.from('"', options.encoding)]);
  for (const record of parse(closed, { ...options, info: false })) {
    yield { fields: record.map(decode), end: from + end + tail.length };
  }
}

function isUnclosedQuote(error: Error): boolean {
  return error instanceof CsvError && error.code === "CSV_QUOTE_NOT_CLOSED";
}

function unreadable(error: Error): Error {
  return error instanceof CsvError
    ? new UnreadableCsv("a quote is opened that is never closed, so its rows cannot be told apart")
    : error;
}

/** Latin-1 text back to its bytes and those to text; a field that is no UTF-8 is windows-1252. */
function fieldDecoder(encoding: string): (field: string) => string {
  const decoder = new TextDecoder(encoding);
  const western = new TextDecoder("windows-1252");
  return (field) => {
    if (!/[\x80-\xff]/.test(field)) return field;
    const bytes = Buffer.from(field, "latin1");
    const text = decoder.decode(bytes);
    return encoding === "utf-8" && text.includes("\uFFFD") && !bytes.includes("\uFFFD")
      ? western.decode(bytes)
      : text;
  };
}

/** UTF-16 in whole units, little endian. */
async function* pairs(
  chunks: AsyncIterable<Uint8Array>,
  swap: boolean,
): AsyncGenerator<Uint8Array> {
  let odd = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const all = Buffer.concat([odd, chunk]);
    const whole = all.subarray(0, all.length - (all.length % 2));
    odd = all.subarray(whole.length);
    yield swap ? whole.swap16() : whole;
  }
}

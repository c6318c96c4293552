import chardet from "chardet";
import { parse } from "csv-parse/sync";
import * as z from "zod/mini";
import { mostlyIntact } from "./body-text.ts";

/** How a CSV file is written, found out from its beginning; part of a checkpoint. */
export const csvDialectSchema = z.object({
  /** WHATWG name of the encoding. */
  encoding: z.string(),
  /** Bytes before the first record: byte order mark and Excel's "sep=;" line. */
  start: z.number(),
  delimiter: z.string(),
});
export type CsvDialect = z.infer<typeof csvDialectSchema>;

/** How much of the file decides its encoding; a later field that is not in it is decoded for itself. */
export const sampleBytes = 1024 * 1024;
/** How much of it decides the delimiter. */
const delimiterBytes = 64 * 1024;

/** A CSV file that cannot be read; `message` says why, for the user. */
export class UnreadableCsv extends Error {
  override readonly name = "UnreadableCsv";
}

export function detectDialect(sample: Uint8Array): CsvDialect {
  if (sample.length === 0) throw new UnreadableCsv("the file is empty");
  const { encoding, mark } = detectEncoding(sample);
  refuseBinary(sample, encoding);
  const text = new TextDecoder(encoding).decode(sample.subarray(mark, delimiterBytes));
  if (/^\s*<(!doctype|html|\?xml)/i.test(text))
    throw new UnreadableCsv("it is a web page, not CSV");
  const separator = /^sep=(.)\r?\n/i.exec(text);
  if (separator !== null) {
    const width = encoding.startsWith("utf-16") ? 2 : 1;
    return { encoding, start: mark + separator[0].length * width, delimiter: separator[1] ?? "," };
  }
  return { encoding, start: mark, delimiter: detectDelimiter(text) };
}

function detectEncoding(sample: Uint8Array): { encoding: string; mark: number } {
  const [a, b, c] = sample;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: "utf-8", mark: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: "utf-16le", mark: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: "utf-16be", mark: 2 };
  const zeros = (offset: number) =>
    sample.subarray(0, 2000).filter((byte, index) => byte === 0 && index % 2 === offset).length;
  const half = Math.min(sample.length, 2000) / 2;
  if (half >= 4 && zeros(1) > half * 0.6) return { encoding: "utf-16le", mark: 0 };
  if (half >= 4 && zeros(0) > half * 0.6) return { encoding: "utf-16be", mark: 0 };
  if (isUtf8(sample)) return { encoding: "utf-8", mark: 0 };
  return { encoding: guessLegacy(sample), mark: 0 };
}

/** The sample may end within a character, and a few cells may have been pasted in from elsewhere. */
function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return mostlyIntact(new TextDecoder().decode(sample));
  }
}

/** Western European unless the bytes clearly say otherwise: chardet is eager with little text. */
function guessLegacy(sample: Uint8Array): string {
  const best = chardet.analyse(sample)[0];
  if (best === undefined || best.confidence < 50 || /^(ISO-8859-[129]|UTF-8)/i.test(best.name)) {
    return "windows-1252";
  }
  try {
    return new TextDecoder(best.name).encoding;
  } catch {
    return "windows-1252";
  }
}

/** Spreadsheets and archives are often uploaded for CSV. */
function refuseBinary(sample: Uint8Array, encoding: string): void {
  const [a, b, c, d] = sample;
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4) {
    throw new UnreadableCsv("it is an Excel workbook or an archive; save the sheet as CSV");
  }
  if (a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0) {
    throw new UnreadableCsv("it is an old Excel workbook; save the sheet as CSV");
  }
  if (a === 0x25 && b === 0x50 && c === 0x44 && d === 0x46) throw new UnreadableCsv("it is a PDF");
  if (encoding.startsWith("utf-16")) return;
  const head = sample.subarray(0, 4000);
  const odd = head.filter((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13).length;
  if (odd > 8 && odd * 10 > head.length) throw new UnreadableCsv("it is no text file");
}

const candidates = [",", ";", "\t", "|"];
const sampleRecords = 200;

/** The delimiter that splits the records most evenly, and of equally even ones into the most fields. */
function detectDelimiter(text: string): string {
  let best = { delimiter: ",", score: 0 };
  for (const delimiter of candidates) {
    const widths = readSample(text, delimiter).map((record) => record.length);
    const counts = Map.groupBy(widths, (width) => width);
    for (const [width, same] of counts) {
      const share = same.length / widths.length;
      const score = width < 2 ? 0 : share * share * Math.min(width, 12) ** 0.5;
      if (score > best.score) best = { delimiter, score };
    }
  }
  return best.delimiter;
}

/** The first records; the last one, cut off by the sample's end, is left out unless it is the only one. */
export function readSample(text: string, delimiter: string): string[][] {
  const options = {
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    to: sampleRecords,
  };
  const whole = text.length < delimiterBytes / 2;
  const cut = whole
    ? text
    : text.slice(0, Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r")));
  try {
    return parse(cut, options);
  } catch {
    // An unclosed quote: lines will do to tell delimiters apart.
    const lines = text.split(/\r\n|\n|\r/).filter((line) => line !== "");
    return lines.slice(0, sampleRecords).map((line) => line.split(delimiter));
  }
}

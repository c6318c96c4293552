import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTable } from "../../functions/_shared/sources/csv-columns.ts";
import {
  detectDialect,
  sampleBytes,
  UnreadableCsv,
} from "../../functions/_shared/sources/csv-dialect.ts";
import { readRecords } from "../../functions/_shared/sources/csv-reader.ts";
import { fields, list, text } from "../../functions/_shared/sources/json.ts";
import { table } from "./table.ts";
import type { TruthEntry } from "./truth.ts";

export type CsvScore = {
  files: number;
  right: number;
  rows: number;
  /** Files whose content is a table of companies or postings, and those that are refused for having none. */
  usable: number;
  refused: string[];
  differences: string[];
};

type Read = { encoding: string; delimiter: string; records: string[][] };

/** Reads each file as the CSV source does, and compares encoding, delimiter, header, rows and cells. */
export async function scoreCsv(dir: string, entries: readonly TruthEntry[]): Promise<CsvScore> {
  const score: CsvScore = { files: 0, right: 0, rows: 0, usable: 0, refused: [], differences: [] };
  for (const entry of entries) {
    score.files++;
    const read = await readCsv(await readFile(join(dir, entry.path)));
    if (typeof read === "string") {
      score.differences.push(`${entry.path}: refused: ${read}`);
      continue;
    }
    const wrong = compare(entry, read);
    score.rows += read.records.length - 1;
    if (wrong.length === 0) score.right++;
    for (const line of wrong) score.differences.push(`${entry.path}: ${line}`);
    const found = readTable(read.records.slice(0, 50));
    if (found === null)
      score.refused.push(`${entry.path} (${(read.records[0] ?? []).slice(0, 4).join(", ")})`);
    else score.usable++;
  }
  return score;
}

/** In chunks of an odd size, so that no boundary is ever convenient. */
async function readCsv(body: Uint8Array): Promise<Read | string> {
  try {
    const dialect = detectDialect(body.subarray(0, sampleBytes));
    const records: string[][] = [];
    for await (const record of readRecords(
      chunksOf(body.subarray(dialect.start)),
      dialect,
      dialect.start,
    )) {
      records.push(record.fields);
    }
    return { ...dialect, records };
  } catch (error) {
    if (error instanceof UnreadableCsv) return error.message;
    throw error;
  }
}

async function* chunksOf(body: Uint8Array, size = 8191): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

function compare({ truth }: TruthEntry, read: Read): string[] {
  const wrong: string[] = [];
  const check = (what: string, wanted: unknown, got: unknown) => {
    if (JSON.stringify(wanted) !== JSON.stringify(got)) {
      wrong.push(
        `${what} is ${JSON.stringify(wanted)}, read as ${JSON.stringify(got)}`.slice(0, 400),
      );
    }
  };
  const [header = [], ...rows] = read.records;
  const wantedHeader = list(truth.header).map((cell) => String(cell).trim());
  check("encoding", encodingName(String(truth.encoding), read), read.encoding);
  check("delimiter", truth.delimiter === "TAB" ? "\t" : truth.delimiter, read.delimiter);
  check(
    "header",
    wantedHeader,
    header.map((cell) => cell.trim()),
  );
  check("number of rows", truth.data_rows, rows.length);
  const width = header.length;
  check("number of ragged rows", truth.ragged, rows.filter((row) => row.length !== width).length);
  for (const [index, wanted] of list(truth.first).entries()) {
    const row = rows[index] ?? [];
    // The truth cuts its cells at 60 characters.
    const got = Object.fromEntries(header.map((name, at) => [name, row[at]?.slice(0, 60)]));
    for (const [name, value] of Object.entries(fields(wanted) ?? {})) {
      check(`row ${index + 1}, ${name}`, text(value) === null ? value : String(value), got[name]);
    }
  }
  return wrong;
}

/** The truth's names ("utf-8-sig (BOM)", "cp1252/latin-1 …", "ascii") as WHATWG names; ASCII is UTF-8 too. */
function encodingName(name: string, read: Read): string {
  if (/^ascii/.test(name)) return read.encoding === "windows-1252" ? read.encoding : "utf-8";
  if (/cp1252|latin-1/.test(name)) return "windows-1252";
  return (
    /^(utf-\d+(?:[lb]e)?)/i
      .exec(name)?.[1]
      ?.toLowerCase()
      .replace(/^utf-16$/, "utf-16le") ?? name
  );
}

/** Prints the figures and every difference; true if every file was read as the truth says. */
export function printCsvReport(score: CsvScore): boolean {
  const row = [score.files, score.right, score.rows, score.usable, score.refused.length].map(
    String,
  );
  console.log(
    table([
      ["csv", "files", "right", "rows", "usable", "no known column"],
      ["csv-companies", ...row],
    ]),
  );
  for (const line of score.differences) console.log(`  ${line}`);
  for (const line of score.refused) console.log(`  refused with its columns named: ${line}`);
  const passed = score.right === score.files;
  console.log(
    `${passed ? "passed" : "MISSED"}: ${score.right} of ${score.files} CSV files read as they are\n`,
  );
  return passed;
}

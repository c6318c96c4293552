import { stringify } from "csv-stringify/sync";

export type Cell = string | number | boolean | null | Date | readonly string[];

/**
 * Where a line, or a cell of a spreadsheet that separates by semicolons or tabs as most of Europe's do, begins like a
 * formula, also after blanks and no-break spaces.
 */
const FORMULA_LINE = /^(?=[\t\r])|(?<=^|[\r\n;\t])(?=[^\S\r\n\t]*[=+\-@])/g;

/**
 * A cell that no spreadsheet runs: an apostrophe before whatever could be a formula.
 * Rule and characters: OWASP, "CSV injection".
 */
export function guardFormula(text: string): string {
  return text.replace(FORMULA_LINE, "'");
}

/** CSV lines (RFC 4180, CRLF) of some rows, with the formula guard unless `raw`. */
export function toCsv(
  rows: readonly (readonly Cell[])[],
  options: { readonly raw?: boolean } = {},
): string {
  const write = (cell: Cell) =>
    options.raw || typeof cell === "number" ? cellText(cell) : guardFormula(cellText(cell));
  return stringify(
    rows.map((row) => row.map(write)),
    { record_delimiter: "windows" },
  );
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === "object" ? cell.join("; ") : String(cell);
}

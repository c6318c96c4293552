import { stringify } from "csv-stringify/sync";

export type Cell = string | number | boolean | null | Date | readonly string[];

/** Where a line begins that a spreadsheet may take for a formula, also after blanks and no-break spaces. */
const FORMULA_LINE = /^(?=[\t\r])|(?<=^|[\r\n])(?=[^\S\r\n]*[=+\-@])/g;

/**
 * A cell that no spreadsheet runs: an apostrophe before every line that could be a formula.
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

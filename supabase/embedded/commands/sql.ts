import { createInterface } from "node:readline";
import postgres, { type Sql } from "postgres";
import { loadKeys } from "../keys.ts";
import { databaseUrl } from "../postgres/cluster.ts";
import { StackError } from "../stack-error.ts";
import { askHolder } from "../stack-lock.ts";
import type { CommandContext } from "./command.ts";
import { describeTables } from "./describe-tables.ts";

const WIDEST_CELL = 100;

/** `npm run sql [-- "select …"]`: one statement, or a console that ends with \q or Ctrl-D. */
export async function run({ args, settings, env }: CommandContext): Promise<number> {
  if (!env.DB_URL && (await askHolder(settings.dataDir)) === undefined) {
    throw new StackError("OTIS is not running. Start it with `npm run stack`, or set DB_URL.");
  }
  const url =
    env.DB_URL ?? databaseUrl(settings.databasePort, loadKeys(settings.dataDir).databasePassword);
  const sql = postgres(url, { max: 1, onnotice: ({ message }) => console.error(message) });
  try {
    if (args.length > 0) return (await runStatement(sql, args.join(" "))) ? 0 : 1;
    return await runConsole(sql);
  } finally {
    await sql.end();
  }
}

/** A statement ends with a semicolon at the end of a line. */
async function runConsole(sql: Sql): Promise<number> {
  const interactive = process.stdin.isTTY === true;
  const terminal = createInterface({
    input: process.stdin,
    ...(interactive && { output: process.stdout }),
    prompt: "otis=> ",
  });
  if (interactive) {
    console.log(
      "End a statement with ; and the console with \\q; \\d lists the tables, \\d NAME one's columns.",
    );
    terminal.prompt();
  }
  let failed = false;
  let statement = "";
  for await (const line of terminal) {
    if (line.trim() === "\\q") break;
    statement += `${line}\n`;
    if (/;\s*$/.test(line) || line.startsWith("\\d")) {
      failed = !(await runStatement(sql, statement)) || failed;
      statement = "";
    }
    terminal.setPrompt(statement === "" ? "otis=> " : "otis-> ");
    if (interactive) terminal.prompt();
  }
  if (statement.trim() !== "") failed = !(await runStatement(sql, statement)) || failed;
  return failed && !interactive ? 1 : 0;
}

async function runStatement(sql: Sql, statement: string): Promise<boolean> {
  try {
    const result: unknown = await (describeTables(sql, statement) ??
      sql.unsafe(statement).simple());
    const results: unknown[] = Array.isArray(result) && !isResult(result) ? result : [result];
    for (const rows of results.filter(isResult)) printRows(rows);
    return true;
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    console.error(`${error.severity} ${error.code}: ${error.message}`);
    for (const more of [error.detail, error.hint, error.where]) if (more) console.error(more);
    return false;
  }
}

type Result = postgres.RowList<postgres.Row[]>;

/** Several statements give an array of results, which has no command of its own. */
function isResult(value: unknown): value is Result {
  return Array.isArray(value) && "command" in value;
}

function printRows(rows: Result): void {
  const { columns = [], command, count } = rows;
  if (columns.length === 0) {
    console.log(`${command ?? "OK"} ${count ?? ""}`.trim());
    return;
  }
  const table = [
    columns.map((column) => column.name),
    ...rows.map((row) => columns.map(({ name }) => printCell(row[name]))),
  ];
  const widths = columns.map((_, index) =>
    Math.max(...table.map((row) => (row[index] ?? "").length)),
  );
  const lines = table.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  console.log(`${lines.join("\n")}\n(${rows.length} ${rows.length === 1 ? "row" : "rows"})`);
}

function printCell(value: unknown): string {
  const text =
    value === null
      ? "∅"
      : value instanceof Date
        ? value.toISOString()
        : typeof value === "object"
          ? JSON.stringify(value)
          : String(value);
  const line = text.replaceAll("\n", "⏎");
  return line.length > WIDEST_CELL ? `${line.slice(0, WIDEST_CELL - 1)}…` : line;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { connect } from "./postgres/connect.ts";
import { listMigrations } from "./settings.ts";
import { StackError } from "./stack-error.ts";

/** Lines. */
const LONGEST_MESSAGE = 12;

/**
 * Applies the migrations that are missing, by the Supabase CLI. Each is one transaction: one that fails
 * leaves nothing behind, and those before it stay. Throws StackError with what the CLI said, or when the database
 * is another version's.
 * @returns how many were missing
 */
export async function migrate(root: string, databaseUrl: string): Promise<number> {
  const applied = await readApplied(databaseUrl);
  const known = listMigrations(root);
  const unknown = [...applied].filter((version) => !known.includes(version));
  if (unknown.length > 0) {
    throw new StackError(
      `The database was made by another version of OTIS (it has migration ${unknown.join(", ")}). Nothing was changed. ` +
        "Check that version out, name another folder with OTIS_DATA_DIR, or run `npm run stack:reset`, which deletes its data.",
    );
  }
  const missing = known.filter((version) => !applied.has(version));
  if (missing.length === 0) return 0;
  const child = spawn(
    process.execPath,
    [
      join(root, "node_modules/supabase/dist/supabase.js"),
      "migration",
      "up",
      "--yes",
      "--include-all",
      `--workdir=${root}`,
      `--remote=${databaseUrl}`,
    ],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PGSSLMODE: "disable", DO_NOT_TRACK: "1", NO_COLOR: "1" },
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [code] = await once(child, "close");
  if (code !== 0) {
    throw new StackError(
      `A migration failed; nothing of it was kept. Correct it and start again.\n${shorten(output)}`,
    );
  }
  return missing.length;
}

/** From the migration that failed on, without the whole text of a long statement. */
function shorten(output: string): string {
  const lines = output.trim().split("\n");
  const start = lines.findLastIndex((line) => line.startsWith("Applying migration"));
  return lines.slice(Math.max(start, 0)).slice(0, LONGEST_MESSAGE).join("\n");
}

async function readApplied(databaseUrl: string): Promise<Set<string>> {
  const sql = connect(databaseUrl);
  try {
    const [table] = await sql`select to_regclass('supabase_migrations.schema_migrations') as name`;
    if (!table?.name) return new Set();
    const rows = await sql<{ version: string }[]>`
      select version from supabase_migrations.schema_migrations
    `;
    return new Set(rows.map((row) => row.version));
  } finally {
    await sql.end();
  }
}

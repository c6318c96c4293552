import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadKeys } from "../keys.ts";
import { databaseUrl } from "../postgres/cluster.ts";
import { askHolder } from "../stack-lock.ts";
import type { CommandContext } from "./command.ts";

/** `npm run types`: writes the types of the running stack's database, which CI compares. */
export async function run({ settings }: CommandContext): Promise<number> {
  const { root, dataDir, databasePort } = settings;
  if ((await askHolder(dataDir)) === undefined) {
    console.error(`OTIS is not running in ${dataDir}. Start it with \`npm run stack\`.`);
    return 1;
  }
  const url = databaseUrl(databasePort, loadKeys(dataDir).databasePassword);
  writeFileSync(join(root, "web/src/lib/database.types.ts"), await generateTypes(root, url));
  return 0;
}

/** The TypeScript types of schema `public`, by the Supabase CLI. */
export async function generateTypes(root: string, url: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      join(root, "node_modules/supabase/dist/supabase.js"),
      ...["gen", "types", "--lang", "typescript", "--schema", "public", `--remote=${url}`],
    ],
    { env: { ...process.env, PGSSLMODE: "disable", DO_NOT_TRACK: "1" }, maxBuffer: 10_000_000 },
  );
  return `${stdout.trim()}\n`;
}

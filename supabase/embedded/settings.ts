import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { StackError } from "./stack-error.ts";

/** Where a stack listens and keeps its data. Port 0 takes any free one. */
export interface Settings {
  readonly root: string;
  readonly dataDir: string;
  readonly apiPort: number;
  readonly databasePort: number;
  readonly webPort: number;
  readonly practicePort: number;
}

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The Supabase CLI's ports unless the environment says otherwise. Throws StackError on nonsense. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    root: ROOT,
    dataDir: resolve(ROOT, env.OTIS_DATA_DIR || ".otis"),
    apiPort: readPort(env, "OTIS_API_PORT", 54321),
    databasePort: readPort(env, "OTIS_DB_PORT", 54322),
    webPort: readPort(env, "OTIS_WEB_PORT", 5173),
    practicePort: readPort(env, "OTIS_PRACTICE_PORT", 54330),
  };
}

function readPort(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  standard: number,
): number {
  const port = Number(env[name] || standard);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StackError(`${name}=${env[name]} is no port: give a number from 0 to 65535.`);
}

/** The functions registered in config.toml that exist, name → entry point. */
export function findFunctions(root: string): Record<string, string> {
  const config = readFileSync(join(root, "supabase/config.toml"), "utf8");
  const names = [...config.matchAll(/^\[functions\.([\w-]+)\]/gm)].map((match) => match[1] ?? "");
  return Object.fromEntries(
    names
      .map((name): [string, string] => [name, join(root, "functions", name, "index.ts")])
      .filter(([, entry]) => existsSync(entry)),
  );
}

/** Ours, and the keys of vendors; nothing else of the environment is a function's business. */
const FUNCTION_SETTING = /^(OTIS_|OPENAI_|(APIFY_TOKEN|APOLLO_API_KEY|INSTANTLY_API_KEY)$)/;

/** Settings that functions see: those of the environment and of functions/.env, which the CLI reads too. */
export function readFunctionEnv(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const file = join(root, "functions/.env");
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  const own = Object.entries(env).filter(([name]) => FUNCTION_SETTING.test(name));
  return Object.fromEntries(
    [...Object.entries(fromFile), ...own].flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

/** The migrations' versions, in order. */
export function listMigrations(root: string): string[] {
  return readdirSync(join(root, "migrations"))
    .flatMap((name) => /^(\d+)_.*\.sql$/.exec(name)?.[1] ?? [])
    .sort();
}

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { StackError } from "../stack-error.ts";

/** What a build depends on, in the checkout. */
const SOURCES = ["web", "functions/_shared", "package-lock.json", "tsconfig.json"];

/**
 * Builds the web client for production, or finds the build of the same sources and settings, of which the last is
 * kept. Throws StackError with what Vite said.
 * @param env the VITE_ settings that become part of the build
 * @returns the folder of the built files
 */
export async function buildWeb(
  root: string,
  dataDir: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const builds = join(dataDir, "web");
  const folder = join(builds, fingerprint(root, env));
  if (existsSync(folder)) return folder;
  const draft = `${folder}.new`;
  mkdirSync(builds, { recursive: true });
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const args = ["build", "--config", "web/vite.config.ts", "--outDir", draft, "--logLevel", "warn"];
  await promisify(execFile)(process.execPath, [vite, ...args], {
    cwd: root,
    env: { ...process.env, ...env, NODE_ENV: "production", NO_COLOR: "1" },
  }).catch((cause: unknown) => {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr) : cause;
    throw new StackError(`The web client could not be built:\n${said}`, { cause });
  });
  renameSync(draft, folder);
  for (const name of readdirSync(builds)) {
    if (join(builds, name) !== folder) rmSync(join(builds, name), { recursive: true, force: true });
  }
  return folder;
}

function fingerprint(root: string, env: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256").update(JSON.stringify(env));
  for (const source of SOURCES) {
    const path = join(root, source);
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: "utf8" })
          .filter((file) => !file.includes(".test."))
          .map((file) => join(path, file))
          .sort()
      : [path];
    for (const file of files) {
      if (statSync(file).isFile()) hash.update(file).update(readFileSync(file));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import type { PostgresBinaries } from "./binaries.ts";
import type { Launcher } from "./unprivileged.ts";

/**
 * The programs where the account that runs them can reach them. Postgres looks for itself by access(2), which asks for
 * the account's own rights and ignores the capability that lets it pass closed folders; so in a checkout below such a
 * folder (/root, a mktemp folder) the programs are copied, once, to where everybody may read.
 */
export function reachable(binaries: PostgresBinaries, launcher: Launcher): PostgresBinaries {
  const home = dirname(dirname(binaries.postgres));
  if (!launcher.owner || isOpen(home)) return binaries;
  const name = createHash("sha256")
    .update(`${home}:${statSync(binaries.postgres).mtimeMs}`)
    .digest("hex");
  const copy = join(tmpdir(), `otis-postgres-${name.slice(0, 16)}`);
  if (!isOurs(copy)) copyWhole(home, copy);
  const moved = (program: string) => join(copy, relative(home, program));
  return { initdb: moved(binaries.initdb), postgres: moved(binaries.postgres) };
}

/** Whether everybody may pass every folder down to this one. */
function isOpen(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (dirname(path) === path) return true;
  }
}

/** A folder of that name that somebody else made is not run as ours. */
function isOurs(copy: string): boolean {
  if (!existsSync(copy)) return false;
  const { uid, mode } = statSync(copy);
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}

/** Beside its place first, then moved there complete: a killed copy leaves no half, two at once do no harm. */
function copyWhole(home: string, copy: string): void {
  const draft = mkdtempSync(`${copy}.`);
  const content = join(draft, basename(home));
  cpSync(home, content, { recursive: true, verbatimSymlinks: true });
  chmodSync(content, 0o755);
  try {
    renameSync(content, copy);
  } catch (error) {
    if (!isOurs(copy)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

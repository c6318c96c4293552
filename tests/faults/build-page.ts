import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

export interface BuiltPage extends Disposable {
  /** Folder with index.html and its assets. */
  readonly folder: string;
}

/** Builds the page in `source` (that of these tests) into a temporary folder. */
export async function buildPage(source = new URL("page", import.meta.url)): Promise<BuiltPage> {
  const folder = mkdtempSync(join(tmpdir(), "otis-page-"));
  await build({
    root: fileURLToPath(source),
    configFile: false,
    logLevel: "error",
    // Vitest's NODE_ENV would make it a development build.
    oxc: { jsx: { runtime: "automatic", development: false } },
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    build: { outDir: folder, emptyOutDir: true, target: "es2022" },
  });
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

import { type FSWatcher, watch } from "node:fs";

const SOURCE = /\.(ts|tsx|js|mjs|json|sql|txt)$/;
/** An editor saves in several steps, and a checkout changes many files. */
const QUIET_MS = 150;

/** Calls `reload` once after the sources below a folder have changed and it has become quiet. */
export function watchFunctions(folder: string, reload: () => Promise<void>): FSWatcher {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, file) => {
    if (file === null || !SOURCE.test(file) || file.includes(".test.")) return;
    clearTimeout(timer);
    timer = setTimeout(() => void reload(), QUIET_MS);
  });
  watcher.on("close", () => clearTimeout(timer));
  return watcher;
}

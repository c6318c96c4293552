import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { StackError } from "../stack-error.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** Path of a Chromium: CHROMIUM_PATH, or the first on the PATH. */
export function findChromium(
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const candidates = (env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [env.CHROMIUM_PATH, ...candidates, MAC].find(
    (path): path is string => path !== undefined && existsSync(path),
  );
}

/** Installs Chromium from the Debian packages where it is missing. Throws StackError where it cannot. */
export function installChromium(env: Readonly<Record<string, string | undefined>>): string {
  const found = findChromium(env);
  if (found) return found;
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  for (const args of [
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium"],
  ]) {
    const [program = "", ...rest] = [...asRoot, ...args];
    spawnSync(program, rest, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
    });
  }
  const installed = findChromium(env);
  if (installed) return installed;
  throw new StackError(
    "The browser tests need Chromium, which could not be installed here. Install it, or name it with CHROMIUM_PATH.",
  );
}

// The first thing that runs in a fresh clone: plain JavaScript for the system's Node (20 or newer), without any
// package. It installs what the lock file names, then runs a command of cli.ts on the Node that came with it.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = 20;
/**
 * A young generation of 4 MB instead of 16: after some load the stack's process holds 180 MB instead of 280, for
 * a tenth more of processor time.
 */
const NODE_FLAGS = ["--max-semi-space-size=4"];

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const modules = join(root, "node_modules");
const stamp = join(modules, ".otis-installed");
const cli = join(here, "cli.ts");
const args = process.argv.slice(2);

const major = Number(process.versions.node.split(".")[0]);
if (major < OLDEST_NODE) {
  stop(`OTIS needs Node ${OLDEST_NODE} or newer, this is ${process.version}.`);
}
installIfNeeded();
run();

function installIfNeeded() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  if (!isInstalled(JSON.parse(lock.toString()))) {
    console.error("Installing packages (npm ci) …");
    const options = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    // npm is a script that Windows starts by a shell only.
    const shell = process.platform === "win32";
    const result = spawnSync("npm", ["ci", ...options], { cwd: root, stdio: "inherit", shell });
    if (result.status !== 0) {
      stop(
        "The packages could not be installed, npm says why above. Without a network? Connect and run the " +
          "same command again; it starts over, nothing has to be cleaned up.",
      );
    }
  }
  writeFileSync(stamp, hash);
}

/** Whether node_modules holds what the lock file names, also when somebody ran npm by hand. */
function isInstalled(lock) {
  try {
    const text = readFileSync(join(modules, ".package-lock.json"), "utf8");
    const installed = JSON.parse(text).packages;
    return (
      existsSync(join(modules, ".bin/node")) &&
      Object.entries(lock.packages).every(([path, { version, optional }]) => {
        if (path === "") return true;
        // An optional package may be missing: it is for another platform.
        return installed[path] === undefined ? optional : installed[path].version === version;
      })
    );
  } catch {
    return false;
  }
}

/** Becomes the command where this Node can replace itself, else starts it, passes signals on and ends with it. */
function run() {
  const node = join(modules, ".bin/node");
  const command = [...NODE_FLAGS, cli, ...args];
  if (process.execve && process.platform !== "win32") {
    process.execve(node, [node, ...command], process.env);
  }
  const child = spawn(node, command, { cwd: root, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("error", (error) => stop(`Node of node_modules does not run: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

function stop(message) {
  console.error(`\n${message}`);
  process.exit(1);
}

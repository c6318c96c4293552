import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What a server writes into `postmaster.pid` of its data folder. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** True once it accepts connections. */
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; undefined when there is none or it is being written. */
export function readPostmaster(dataDir: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
}

/**
 * Stops the server that a killed stack left behind in this data folder. The caller holds the stack's lock,
 * so a server that still runs here has lost its owner. A pid that meanwhile belongs to another program is left alone.
 */
export async function stopOrphan(dataDir: string): Promise<void> {
  const orphan = readPostmaster(dataDir);
  if (!orphan || !isServerOf(orphan.pid, dataDir)) return;
  process.kill(orphan.pid, "SIGINT");
  if (await hasEnded(orphan.pid, 5_000)) return;
  process.kill(orphan.pid, "SIGQUIT");
  await hasEnded(orphan.pid, 2_000);
}

/** Waits up to `milliseconds` for a process that is not our child to end. */
async function hasEnded(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

function isServerOf(pid: number, dataDir: string): boolean {
  return isAlive(pid) && commandLine(pid).includes(dataDir);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function commandLine(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

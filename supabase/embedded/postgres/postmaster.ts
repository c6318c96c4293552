import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
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
 * Clears what a killed stack left behind in this data folder. The caller holds the stack's lock, so a server
 * that still runs here has lost its owner and is stopped. A pid that meanwhile belongs to another program, as
 * happens after a restart of the machine, would keep Postgres from starting for ever: it is made ours, which
 * Postgres, as our child, knows not to be a server. The rest of the file stays, for Postgres checks by it
 * that no session of the dead server still uses its shared memory.
 * @returns whether there was anything to clear
 */
export async function clearRemains(dataDir: string): Promise<boolean> {
  const remains = readPostmaster(dataDir);
  if (!remains) return false;
  const { pid } = remains;
  if (commandLine(pid).includes(dataDir)) {
    process.kill(pid, "SIGINT");
    if (!(await hasEnded(pid, 5_000))) {
      process.kill(pid, "SIGQUIT");
      await hasEnded(pid, 2_000);
    }
  }
  const file = join(dataDir, "postmaster.pid");
  if (existsSync(file)) {
    writeFileSync(file, readFileSync(file, "utf8").replace(/^\d+/, String(process.pid)));
  }
  return true;
}

/** Waits up to `milliseconds` for a process that is not our child to end. */
async function hasEnded(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (commandLine(pid) !== "") {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Empty for a process that has ended, also for one that nobody has waited for yet. */
function commandLine(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

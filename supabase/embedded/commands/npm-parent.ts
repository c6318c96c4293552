import { readFileSync } from "node:fs";

/**
 * The npm that started us, if one did: the nearest ancestor by that name, beyond the shell that npm puts
 * between, which outlives an npm that was killed by force. Known on Linux only; elsewhere undefined.
 */
export function findNpm(): number | undefined {
  for (let pid = process.ppid; pid > 1; pid = parentOf(pid)) {
    if (read(pid, "cmdline").startsWith("npm ")) return pid;
  }
  return undefined;
}

function parentOf(pid: number): number {
  // After the name, which may contain anything, come the state and the parent.
  const fields = read(pid, "stat").split(")").at(-1)?.trim().split(" ");
  return Number(fields?.[1] ?? 0);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

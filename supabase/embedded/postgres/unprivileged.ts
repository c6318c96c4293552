import { execFileSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { StackError } from "../stack-error.ts";

export interface Launcher {
  /** Owner of the data folder; undefined: whoever we are. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Turns a program and its arguments into what is to be spawned. */
  wrap(program: string, args: readonly string[]): readonly [string, ...string[]];
}

/** Postgres refuses to run as root; in containers we are root. These accounts are tried, nothing is added. */
const ACCOUNTS = ["postgres", "nobody"];

/**
 * How to start Postgres from here. As an ordinary user: directly. As root: under an account without
 * privileges that keeps only the right to pass folders it could not enter (a checkout in /root),
 * which `setpriv` of util-linux can express and a bare setuid cannot.
 */
export function findLauncher(): Launcher {
  if (process.getuid?.() !== 0) return { wrap: (program, args) => [program, ...args] };
  const owner = findAccount(readFileSync("/etc/passwd", "utf8"));
  const setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].find(isExecutable);
  if (!owner || !setpriv) {
    throw new StackError(
      "Postgres does not run as root, and there is no other account or no setpriv here: start OTIS as an ordinary user.",
    );
  }
  const grant = canKeepCapability(setpriv)
    ? ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]
    : ["--inh-caps=-all"];
  return {
    owner,
    wrap: (program, args) => [
      setpriv,
      `--reuid=${owner.uid}`,
      `--regid=${owner.gid}`,
      "--clear-groups",
      ...grant,
      program,
      ...args,
    ],
  };
}

function findAccount(passwd: string): { uid: number; gid: number } | undefined {
  for (const account of ACCOUNTS) {
    const fields = passwd
      .split("\n")
      .find((line) => line.startsWith(`${account}:`))
      ?.split(":");
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  return undefined;
}

/** Some containers drop the capability even from root; then plain folders still work. */
function canKeepCapability(setpriv: string): boolean {
  try {
    execFileSync(
      setpriv,
      [
        "--reuid=65534",
        "--clear-groups",
        "--inh-caps=-all,+dac_override",
        "--ambient-caps=-all,+dac_override",
        "true",
      ],
      { stdio: "ignore" },
    );
    return true;
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

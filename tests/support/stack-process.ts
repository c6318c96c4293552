import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { loadKeys } from "../../supabase/embedded/keys.ts";
import { databaseUrl } from "../../supabase/embedded/postgres/cluster.ts";
import { ROOT } from "../../supabase/embedded/settings.ts";

export interface StackProcess {
  readonly pid: number;
  readonly apiUrl: string;
  /** Answered by `npm start` only. */
  readonly webUrl: string;
  readonly databaseUrl: string;
  readonly publishableKey: string;
  /** It and everything that it started. */
  processes(): number[];
  named(): { readonly postgres: number; readonly functions: number };
  /** Presses Ctrl-C; resolves to the exit code, to undefined if it never comes. */
  interrupt(): Promise<number | null | undefined>;
}

/** Runs `npm run stack`, or `npm start`, as a process of its own on free ports, and waits until it is ready. */
export async function startStackProcess({
  dataDir,
  command = "stack",
}: {
  readonly dataDir: string;
  readonly command?: "stack" | "start";
}): Promise<StackProcess> {
  const [apiPort, databasePort] = [await findPort(), await findPort()];
  const [webPort, practicePort] = [await findPort(), await findPort()];
  const child = spawn(process.execPath, ["supabase/embedded/bootstrap.mjs", command], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      OTIS_DATA_DIR: dataDir,
      OTIS_API_PORT: String(apiPort),
      OTIS_DB_PORT: String(databasePort),
      OTIS_WEB_PORT: String(webPort),
      OTIS_PRACTICE_PORT: String(practicePort),
    },
  });
  await untilReady(child);
  const pid = child.pid ?? 0;
  const keys = loadKeys(dataDir);
  return {
    pid,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    webUrl: `http://127.0.0.1:${webPort}`,
    databaseUrl: databaseUrl(databasePort, keys.databasePassword),
    publishableKey: keys.publishableKey,
    processes: () => treeOf(pid),
    named: () => ({
      postgres: Number(
        readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0],
      ),
      functions: treeOf(pid).find((id) => commandOf(id).includes("runner.ts")) ?? 0,
    }),
    async interrupt() {
      const exited = once(child, "exit");
      child.kill("SIGINT");
      const timeout = AbortSignal.timeout(30_000);
      const late = once(timeout, "abort").then(() => [undefined]);
      const [code] = await Promise.race([exited, late]);
      return code;
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

async function untilReady(child: ChildProcess): Promise<void> {
  let output = "";
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Ctrl-C stops it.")) ready.resolve();
    });
  }
  child.on("exit", () => ready.reject(new Error(`The stack did not start:\n${output}`)));
  await ready.promise;
}

function treeOf(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => parentOf(id) === pid);
  return [pid, ...children.flatMap(treeOf)];
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/**
 * A free port outside the range that outgoing connections take theirs from: the stack lets go of it and takes
 * it again, and no stranger may have it meanwhile.
 */
async function findPort(): Promise<number> {
  while (true) {
    const port = randomInt(20_000, 32_000);
    const probe = createServer().listen(port, "127.0.0.1");
    const isFree = await once(probe, "listening").then(
      () => true,
      () => false,
    );
    probe.close();
    if (isFree) return port;
  }
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface RunnerOptions {
  /** Name → absolute path of the entry point, which is FOLDER/NAME/index.ts. */
  readonly functions: Readonly<Record<string, string>>;
  /** The checkout, with Deno, the packages and the functions' import map. */
  readonly root: string;
  /** Where Deno keeps what it compiled. */
  readonly cacheDir: string;
  /** The whole environment of the functions; nothing else of ours is passed on. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

export interface Runner {
  readonly pid: number | undefined;
  /** Resolves once it answers requests; to undefined if it ended before. */
  readonly port: Promise<number | undefined>;
  readonly exited: Promise<void>;
  hasExited(): boolean;
  /** Lets background work finish for so long, then it ends; resolves when it has. */
  finish(milliseconds: number): Promise<void>;
}

const RUNNER = fileURLToPath(new URL("runner.ts", import.meta.url));

/**
 * At most the memory that a function has on Supabase. V8's middle compiler, a larger young generation, and
 * an arena of glibc's a thread would hold some 12 MB more under load (`bench:scrape`), to save some 15 % of
 * the processor's time; `--optimize-for-size` would hold 8 MB less, at twice that price.
 */
export const MEMORY = {
  flag: "--v8-flags=--max-old-space-size=256,--no-maglev,--max-semi-space-size=2",
  env: { MALLOC_ARENA_MAX: "2" },
};

/**
 * Starts Deno on `runner.ts` with no more rights than functions have on Supabase: the network, their
 * environment, and to read their own sources and the packages.
 */
export function spawnRunner(options: RunnerOptions): Runner {
  const { root, log } = options;
  const sources = Object.values(options.functions).map((entry) => dirname(dirname(entry)));
  const readable = [...new Set([...sources, join(root, "node_modules")])].join(",");
  const child = spawn(
    join(root, "node_modules/.bin/deno"),
    [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-lock",
      "--no-remote",
      "--node-modules-dir=manual",
      `--config=${join(root, "functions/deno.json")}`,
      // A request's signal says that the client has gone, and not that it was answered; without a warning.
      "--unstable-no-legacy-abort",
      "--allow-net",
      "--allow-env",
      `--allow-read=${readable}`,
      MEMORY.flag,
      RUNNER,
    ],
    {
      cwd: root,
      // Its own session: Ctrl-C is for us, who then let it finish.
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...options.env,
        ...MEMORY.env,
        PATH: process.env.PATH,
        DENO_DIR: options.cacheDir,
        DENO_NO_UPDATE_CHECK: "1",
        NO_COLOR: "1",
        OTIS_FUNCTIONS: JSON.stringify(options.functions),
      },
    },
  );
  child.on("error", (error) => log(`Deno: ${error.message}`));
  child.stdin.on("error", () => {});
  const exited = once(child, "close").then(
    () => undefined,
    () => undefined,
  );
  const port = Promise.withResolvers<number | undefined>();
  exited.then(() => port.resolve(undefined));
  createInterface(child.stderr).on("line", log);
  createInterface(child.stdout)
    .once("line", (line) => port.resolve(readPort(line)))
    .on("line", (line) => readPort(line) ?? log(line));
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid,
    port: port.promise,
    exited,
    hasExited,
    async finish(milliseconds) {
      if (hasExited()) return;
      child.stdin.write(`${milliseconds}\n`);
      const late = setTimeout(() => child.kill("SIGKILL"), milliseconds + 500);
      await exited;
      clearTimeout(late);
    },
  };
}

/** The runner's first line names its port. */
function readPort(line: string): number | undefined {
  const port = /^\{"port":(\d+)\}$/.exec(line)?.[1];
  return port === undefined ? undefined : Number(port);
}

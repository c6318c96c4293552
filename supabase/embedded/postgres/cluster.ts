import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StackError } from "../stack-error.ts";
import { findBinaries, POSTGRES_MAJOR } from "./binaries.ts";
import { clearRemains, readPostmaster } from "./postmaster.ts";
import { reachable } from "./reachable.ts";
import { serverArguments } from "./settings.ts";
import { findLauncher, type Launcher } from "./unprivileged.ts";

export interface PostgresOptions {
  /** Made by `initdb` when it does not exist. The caller makes sure that nobody else uses it. */
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Password of the superuser `supabase_admin`. */
  readonly password: string;
  /** The server's log is appended here. */
  readonly logFile: string;
  /** False gives up crash safety for speed; for tests. */
  readonly durable?: boolean;
}

export interface RunningPostgres {
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server ends for whatever reason. */
  readonly exited: Promise<void>;
  /** Closes all sessions, writes everything out and ends. */
  stop(): Promise<void>;
}

/** The superuser, named as on Supabase; `postgres` is made by `prepareDatabase` and is none. */
export const SUPERUSER = "supabase_admin";

const START_TIMEOUT_MS = 30_000;
/** Then sessions are cut off, and the next start recovers. */
const STOP_TIMEOUT_MS = 3_000;
const RETRIES = 10;
const RETRY_DELAY_MS = 500;

/** Connection URL of a database on a local server. */
export function databaseUrl(
  port: number,
  password: string,
  { user = "postgres", database = "postgres" } = {},
): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/**
 * Starts Postgres on loopback and resolves when it accepts connections. A server that an earlier, killed
 * stack left behind is stopped first. Should this process die, a guard stops the server.
 * Throws StackError when the port is taken, the folder belongs to another version, or the start fails.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { password, durable = true } = options;
  const dataDir = resolve(options.dataDir);
  const logFile = resolve(options.logFile);
  const launcher = findLauncher();
  const binaries = reachable(await findBinaries(), launcher);
  const unclean = await clearRemains(dataDir);
  const port = await freePort(options.port);
  if (!existsSync(join(dataDir, "PG_VERSION"))) {
    await initialise(binaries.initdb, launcher, dataDir, password, durable);
  }
  checkVersion(dataDir);

  mkdirSync(dirname(logFile), { recursive: true });
  const command = launcher.wrap(binaries.postgres, [
    "-D",
    dataDir,
    ...serverArguments(port, durable),
  ]);
  let said = "";
  // Sessions of a killed server may hold on to its memory for a moment.
  for (let attempts = unclean ? RETRIES : 1; attempts > 0; attempts--) {
    const logStart = existsSync(logFile) ? statSync(logFile).size : 0;
    const child = spawnServer(command, logFile);
    if (await becomesReady(child, dataDir)) return watchServer(child, dataDir, port);
    said = readFileSync(logFile).subarray(logStart).toString().trim();
    await sleep(RETRY_DELAY_MS);
  }
  throw new StackError(`Postgres did not start:\n${said}`);
}

function spawnServer([program, ...args]: readonly [string, ...string[]], logFile: string) {
  const log = openSync(logFile, "a", 0o600);
  // Its own session: Ctrl-C in the terminal is for us, who then stop it in the right order.
  const child = spawn(program, args, {
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: process.env.PATH, LC_ALL: "C" },
  });
  closeSync(log);
  return child;
}

function watchServer(child: ChildProcess, dataDir: string, port: number): RunningPostgres {
  const exited = once(child, "exit").then(() => undefined);
  const pid = child.pid ?? 0;
  const guard = startGuard(dataDir, pid);
  const ended = exited.then(() => {
    const guardEnded = once(guard, "exit");
    return guard.kill() ? guardEnded.then(() => undefined) : undefined;
  });
  return {
    port,
    pid,
    exited,
    async stop() {
      child.kill("SIGINT");
      const late = setTimeout(() => child.kill("SIGQUIT"), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Makes the cluster beside its place and moves it there complete, so that a killed start leaves no half. */
async function initialise(
  initdb: string,
  launcher: Launcher,
  dataDir: string,
  password: string,
  durable: boolean,
): Promise<void> {
  if (existsSync(dataDir)) {
    throw new StackError(`${dataDir} exists but is no Postgres data folder: move it away.`);
  }
  mkdirSync(dirname(dataDir), { recursive: true });
  const draft = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  rmSync(draft, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (launcher.owner) {
    for (const path of [draft, passwordFile]) {
      chownSync(path, launcher.owner.uid, launcher.owner.gid);
    }
  }
  try {
    const [program, ...args] = launcher.wrap(initdb, [
      `--pgdata=${draft}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C",
      "--no-instructions",
      ...(durable ? [] : ["--no-sync"]),
    ]);
    const child = spawn(program, args, {
      cwd: "/",
      stdio: ["ignore", "ignore", "pipe"],
      env: { PATH: process.env.PATH, LC_ALL: "C" },
    });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    const [code] = await once(child, "close");
    if (code !== 0) {
      throw new StackError(`Could not make the database in ${dataDir}:\n${complaint.trim()}`);
    }
    chmodSync(draft, 0o700);
    renameSync(draft, dataDir);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

function checkVersion(dataDir: string): void {
  const version = readFileSync(join(dataDir, "PG_VERSION"), "utf8").trim();
  if (version === String(POSTGRES_MAJOR)) return;
  throw new StackError(
    `${dataDir} was made by Postgres ${version}, this is ${POSTGRES_MAJOR}. ` +
      "Move the folder away, or name another with OTIS_DATA_DIR.",
  );
}

/** Checks that the port can be had (0: finds one), so that the message can name it. */
async function freePort(port: number): Promise<number> {
  const probe = createServer();
  probe.listen(port, "127.0.0.1");
  try {
    await once(probe, "listening");
  } catch (cause) {
    throw new StackError(
      `Port ${port} of the database is taken. Stop what uses it, or set OTIS_DB_PORT to another.`,
      { cause },
    );
  }
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address ? address.port : port;
}

/** Resolves to false when it ends, or takes too long, before it accepts connections. */
async function becomesReady(child: ChildProcess, dataDir: string): Promise<boolean> {
  child.once("error", () => {});
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!hasExited(child) && performance.now() < deadline) {
    const postmaster = readPostmaster(dataDir);
    if (postmaster?.pid === child.pid && postmaster?.ready) return true;
    await sleep(10);
  }
  child.kill("SIGQUIT");
  return false;
}

function hasExited(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/**
 * A shell that waits for our end of a pipe to close, which the kernel does even on `kill -9`, and then
 * asks the server to stop, provided that it is still the one that we started.
 */
function startGuard(dataDir: string, pid: number): ChildProcess {
  const script = 'read -r _; [ "$(head -n 1 "$1" 2>/dev/null)" = "$2" ] && kill -INT "$2"';
  const guard = spawn(
    "/bin/sh",
    ["-c", script, "otis-guard", join(dataDir, "postmaster.pid"), String(pid)],
    { cwd: "/", detached: true, stdio: ["pipe", "ignore", "ignore"] },
  );
  guard.unref();
  guard.on("error", () => {});
  return guard;
}

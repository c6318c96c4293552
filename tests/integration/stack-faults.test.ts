import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, expect, test } from "vitest";
import { findLauncher } from "../../supabase/embedded/postgres/unprivileged.ts";
import { ROOT } from "../../supabase/embedded/settings.ts";
import { startStack } from "../../supabase/embedded/stack.ts";
import { startOwnStack } from "../support/stack.ts";
import { isAlive, startStackProcess } from "../support/stack-process.ts";

const folders: string[] = [];
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "otis-faults-"));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Every test but the last ones starts on what those before it have left. */
const dataDir = temporaryFolder();

async function query(url: string, statement: string): Promise<postgres.RowList<postgres.Row[]>> {
  const sql = postgres(url, { max: 1, onnotice() {}, connect_timeout: 5 });
  try {
    return await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

test("Ctrl-C ends everything and leaves no process, port or slot behind", async () => {
  const running = await startStackProcess({ dataDir });
  const processes = running.processes();
  expect(processes.length).toBeGreaterThan(3);
  expect(await running.interrupt()).toBe(0);
  await expect.poll(() => processes.filter(isAlive)).toEqual([]);
  expect(readdirSync(join(dataDir, "postgres/pg_replslot"))).toEqual([]);
  expect(existsSync(join(dataDir, "postgres/postmaster.pid"))).toBe(false);
  await expect(fetch(running.apiUrl)).rejects.toThrow();
});

test.for([
  ["the stack's own process", (all: Processes) => [all.main]],
  ["Postgres", (all: Processes) => [all.postgres]],
  ["the functions' process", (all: Processes) => [all.functions]],
  ["everything", (all: Processes) => all.tree],
] as const)(
  "after kill -9 of %s, what was committed is there and it runs again",
  async ([, victims]) => {
    const first = await startStackProcess({ dataDir });
    const id = Math.trunc(performance.now());
    await query(first.databaseUrl, `create table if not exists public.kept (id int)`);
    await query(first.databaseUrl, `insert into public.kept values (${id})`);
    const tree = first.processes();
    const { postgres: postgresPid, functions } = first.named();
    const killed = victims({ main: first.pid, postgres: postgresPid, functions, tree });
    for (const pid of killed.filter(isAlive)) process.kill(pid, "SIGKILL");

    const survives = !killed.includes(first.pid);
    const second = survives ? first : await startStackProcess({ dataDir });
    await expect
      .poll(() => query(second.databaseUrl, "select id from public.kept").catch(() => []))
      .toContainEqual({ id });
    await expect
      .poll(async () => (await fetch(`${second.apiUrl}/functions/v1/none`)).status)
      .toBe(404);
    await expect
      .poll(async () => {
        const headers = { apikey: second.publishableKey };
        return (await fetch(`${second.apiUrl}/auth/v1/health`, { headers })).status;
      })
      .toBe(200);
    if (!survives) await expect.poll(() => tree.filter(isAlive)).toEqual([]);
    expect(await second.interrupt()).toBe(0);
  },
);

interface Processes {
  readonly main: number;
  readonly postgres: number;
  readonly functions: number;
  readonly tree: readonly number[];
}

test("npm start, killed by force, leaves nothing running", async () => {
  const running = await startStackProcess({ dataDir, command: "start" });
  expect((await fetch(running.webUrl)).status).toBe(200);
  const processes = running.processes();
  process.kill(running.pid, "SIGKILL");
  await expect.poll(() => processes.filter(isAlive)).toEqual([]);
});

test("a port that is taken is named, and nothing is written", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const address = holder.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const dataDir = temporaryFolder();
  try {
    for (const [setting, ports] of [
      ["OTIS_API_PORT", { apiPort: port, databasePort: 0 }],
      ["OTIS_DB_PORT", { apiPort: 0, databasePort: port }],
    ] as const) {
      await expect(attempt(dataDir, ports)).rejects.toThrow(
        new RegExp(`Port ${port} .* is taken.* ${setting}`, "s"),
      );
    }
    expect(existsSync(join(dataDir, "postgres"))).toBe(false);
  } finally {
    holder.close();
  }
});

test("a postmaster.pid whose number has come to mean another process keeps nothing from starting", async () => {
  await (await startOwnStack({ dataDir }))[Symbol.asyncDispose]();
  const { owner } = findLauncher();
  const stranger = spawn("sleep", ["600"], { stdio: "ignore", ...owner });
  const file = join(dataDir, "postgres/postmaster.pid");
  writeFileSync(file, `${stranger.pid}\n${join(dataDir, "postgres")}\n`);
  if (owner) chownSync(file, owner.uid, owner.gid);
  try {
    await using stack = await startOwnStack({ dataDir });
    expect(await query(stack.databaseUrl, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
  } finally {
    stranger.kill();
  }
});

test("the folder of a running stack is refused, and that stack is left alone", async () => {
  await using running = await startOwnStack({ dataDir });
  await expect(attempt(dataDir)).rejects.toThrow(/running in .* already \(process \d+\)/);
  expect((await fetch(`${running.apiUrl}/health`)).status).toBe(200);
});

test("the folder of another Postgres version is refused and not touched", async () => {
  await (await startOwnStack({ dataDir }))[Symbol.asyncDispose]();
  const file = join(dataDir, "postgres/PG_VERSION");
  writeFileSync(file, "16\n");
  try {
    await expect(attempt(dataDir)).rejects.toThrow(/made by Postgres 16, this is 17/);
  } finally {
    writeFileSync(file, "17\n");
  }
});

test("damaged keys are refused with what to do", async () => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, "keys.json"), "{");
  await expect(attempt(dataDir)).rejects.toThrow(/keys.json is damaged/);
});

test("a migration that fails is named with its error, leaves nothing, and the next start goes on", async () => {
  const root = temporaryFolder();
  const dataDir = join(root, ".otis");
  for (const name of ["node_modules", "functions"]) symlinkSync(join(ROOT, name), join(root, name));
  cpSync(join(ROOT, "migrations"), join(root, "migrations"), { recursive: true });
  cpSync(join(ROOT, "supabase/config.toml"), join(root, "supabase/config.toml"), {
    recursive: true,
  });
  cpSync(join(ROOT, "supabase/seed.sql"), join(root, "supabase/seed.sql"));
  symlinkSync("../migrations", join(root, "supabase/migrations"));
  const bad = join(root, "migrations/29990101000000_fails.sql");
  writeFileSync(bad, "create table public.half (id int);\nselect nonsense;\n");
  const start = () => attempt(dataDir, { root });
  await expect(start()).rejects.toThrow(/29990101000000_fails.sql[\s\S]*nonsense/);
  writeFileSync(bad, "create table public.whole (id int);\n");
  const stack = await start();
  try {
    const found = await query(
      stack.databaseUrl,
      "select to_regclass('public.half') as half, to_regclass('public.whole')::text as whole",
    );
    expect(found).toEqual([{ half: null, whole: "whole" }]);
  } finally {
    await stack.close();
  }
  // Back on a version that knows nothing of that migration.
  rmSync(bad);
  await expect(start()).rejects.toThrow(
    /another version of OTIS \(it has migration 29990101000000\)/,
  );
});

test("without a network the install says so, and the next try starts over", () => {
  const clone = temporaryFolder();
  for (const file of ["package.json", "package-lock.json", "supabase/embedded/bootstrap.mjs"]) {
    cpSync(join(ROOT, file), join(clone, file));
  }
  const result = spawnSync(process.execPath, ["supabase/embedded/bootstrap.mjs", "stack"], {
    cwd: clone,
    encoding: "utf8",
    env: {
      ...process.env,
      npm_config_registry: "http://127.0.0.1:1",
      npm_config_fetch_retries: "0",
      npm_config_cache: join(clone, "cache"),
    },
  });
  expect(result.status).toBe(1);
  expect(result.stderr).toContain("The packages could not be installed");
  expect(existsSync(join(clone, "node_modules/.otis-installed"))).toBe(false);
});

function attempt(
  dataDir: string,
  settings: { root?: string; apiPort?: number; databasePort?: number } = {},
) {
  return startStack({
    settings: {
      root: ROOT,
      dataDir,
      apiPort: 0,
      databasePort: 0,
      webPort: 5173,
      practicePort: 0,
      ...settings,
    },
    env: {},
    siteUrl: "http://127.0.0.1:5173",
    log() {},
    durable: false,
  });
}

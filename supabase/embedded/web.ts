import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Keys } from "./keys.ts";
import type { Settings } from "./settings.ts";
import type { Stack } from "./stack.ts";
import { StackError } from "./stack-error.ts";

const START_TIMEOUT_MS = 20_000;

/** Starts the web client's development server; resolves when it answers. */
export async function startWeb(options: {
  readonly settings: Settings;
  readonly stack: Pick<Stack, "apiUrl" | "demo"> & { readonly keys: Pick<Keys, "publishableKey"> };
  readonly log: (line: string) => void;
}): Promise<{ close(): Promise<void> }> {
  const { settings, stack, log } = options;
  await requireWebPort(settings.webPort);
  const child = spawn(
    process.execPath,
    [join(settings.root, "node_modules/vite/bin/vite.js"), "--config", "web/vite.config.ts"],
    {
      cwd: settings.root,
      // Its own session: Ctrl-C is for us, who stop it.
      detached: true,
      // Its input is a pipe of ours: the development server ends when that does, even by kill -9.
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        NO_COLOR: "1",
        OTIS_WEB_PORT: String(settings.webPort),
        VITE_SUPABASE_URL: stack.apiUrl,
        VITE_SUPABASE_PUBLISHABLE_KEY: stack.keys.publishableKey,
        VITE_OTIS_DEMO_EMAIL: stack.demo.email,
        VITE_OTIS_DEMO_PASSWORD: stack.demo.password,
      },
    },
  );
  const exited = once(child, "close");
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => said.push(line));
  }
  createInterface(child.stderr).on("line", (line) => log(`[web] ${line}`));
  const url = `http://127.0.0.1:${settings.webPort}/`;
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill("SIGKILL");
      throw new StackError(`The web client did not start:\n${said.join("\n").trim()}`);
    }
    await sleep(50);
  }
  return {
    async close() {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 1_000);
      await exited;
      clearTimeout(late);
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Throws StackError when the web client's port is taken. */
export async function requireWebPort(port: number): Promise<void> {
  const probe = createServer().listen(port, "127.0.0.1");
  try {
    await once(probe, "listening");
  } catch (cause) {
    throw new StackError(
      `Port ${port} of the web client is taken. Stop what uses it, or set OTIS_WEB_PORT to another.`,
      { cause },
    );
  }
  probe.close();
  await once(probe, "close");
}

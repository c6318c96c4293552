import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Keys } from "./keys.ts";
import type { Settings } from "./settings.ts";
import type { Stack } from "./stack.ts";
import { StackError } from "./stack-error.ts";

const SERVER = fileURLToPath(new URL("web-server.ts", import.meta.url));

/** Starts the web client's development server; resolves when it listens. Throws StackError when it does not. */
export async function startWeb(options: {
  readonly settings: Settings;
  readonly stack: Pick<Stack, "apiUrl" | "demo"> & { readonly keys: Pick<Keys, "publishableKey"> };
  readonly log: (line: string) => void;
}): Promise<{ close(): Promise<void> }> {
  const { settings, stack, log } = options;
  await requireWebPort(settings.webPort);
  const child = spawn(process.execPath, [SERVER], {
    cwd: settings.root,
    // Its own session: Ctrl-C is for us, who stop it.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      NO_COLOR: "1",
      OTIS_WEB_PORT: String(settings.webPort),
      VITE_SUPABASE_URL: stack.apiUrl,
      VITE_SUPABASE_PUBLISHABLE_KEY: stack.keys.publishableKey,
      VITE_OTIS_DEMO_EMAIL: stack.demo.email,
      VITE_OTIS_DEMO_PASSWORD: stack.demo.password,
      ...(process.env.OTIS_TRANSPORTS && { VITE_OTIS_TRANSPORTS: process.env.OTIS_TRANSPORTS }),
    },
  });
  const exited = once(child, "close");
  const said: string[] = [];
  createInterface(child.stderr).on("line", (line) => {
    said.push(line);
    log(`[web] ${line}`);
  });
  const listening = new Promise((resolve) => {
    createInterface(child.stdout).on("line", (line) => line === "ready" && resolve(true));
  });
  if (!(await Promise.race([listening, exited.then(() => false)]))) {
    throw new StackError(`The web client did not start:\n${said.join("\n")}`);
  }
  return {
    async close() {
      child.stdin.end();
      const late = setTimeout(() => child.kill("SIGKILL"), 1_000);
      await exited;
      clearTimeout(late);
    },
  };
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

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Keys } from "../keys.ts";
import type { Settings } from "../settings.ts";
import type { Stack } from "../stack.ts";
import { StackError } from "../stack-error.ts";
import { buildWeb } from "./build.ts";
import { serveFiles } from "./files.ts";

export interface WebOptions {
  readonly settings: Settings;
  readonly stack: Pick<Stack, "apiUrl" | "demo"> & { readonly keys: Pick<Keys, "publishableKey"> };
  readonly log: (line: string) => void;
}

export interface Web {
  close(): Promise<void>;
}

/** Builds the web client where it has changed and serves it from this process. */
export async function startWeb({ settings, stack }: WebOptions): Promise<Web> {
  await requireWebPort(settings.webPort);
  const server = serveFiles(await buildWeb(settings.root, settings.dataDir, webEnv(stack)));
  server.listen(settings.webPort, "127.0.0.1");
  await once(server, "listening");
  return {
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close").catch(() => {});
    },
  };
}

const DEV_SERVER = fileURLToPath(new URL("dev-server.ts", import.meta.url));

/** Starts the web client's development server, which takes over changes without a reload. */
export async function startWebForDevelopment({ settings, stack, log }: WebOptions): Promise<Web> {
  await requireWebPort(settings.webPort);
  const child = spawn(process.execPath, [DEV_SERVER], {
    cwd: settings.root,
    // Its own session: Ctrl-C is for us, who stop it.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      ...webEnv(stack),
      NO_COLOR: "1",
      OTIS_WEB_PORT: String(settings.webPort),
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

/** What the web client is told about where it runs. */
function webEnv({ apiUrl, keys, demo }: WebOptions["stack"]): Record<string, string> {
  return {
    VITE_SUPABASE_URL: apiUrl,
    VITE_SUPABASE_PUBLISHABLE_KEY: keys.publishableKey,
    VITE_OTIS_DEMO_EMAIL: demo.email,
    VITE_OTIS_DEMO_PASSWORD: demo.password,
    ...(process.env.OTIS_TRANSPORTS && { VITE_OTIS_TRANSPORTS: process.env.OTIS_TRANSPORTS }),
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

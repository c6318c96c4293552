import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { preview } from "vite";
import { ROOT } from "../../supabase/embedded/settings.ts";
import type { StackAddress } from "../support/stack.ts";

export interface WebBuild extends AsyncDisposable {
  /** Folder of the built files. */
  readonly folder: string;
  /** Where they are served, without a slash at the end. */
  readonly url: string;
}

/** Builds the web client for production against a stack, and serves it on loopback as a host should. */
export async function serveWebBuild(
  stack: Pick<StackAddress, "apiUrl" | "publishableKey">,
): Promise<WebBuild> {
  const folder = await buildWeb(stack);
  const server = await preview({
    configFile: join(ROOT, "web/vite.config.ts"),
    logLevel: "error",
    build: { outDir: folder },
    preview: { port: 0 },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === "string") throw new Error("The preview has no port");
  return {
    folder,
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Builds into a temporary folder, whose path is returned; a process of its own has an environment of its own. */
export async function buildWeb({
  apiUrl,
  publishableKey,
}: Pick<StackAddress, "apiUrl" | "publishableKey">): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "otis-web-"));
  const vite = join(ROOT, "node_modules/vite/bin/vite.js");
  const args = [
    "build",
    "--config",
    "web/vite.config.ts",
    "--outDir",
    folder,
    "--logLevel",
    "error",
  ];
  await promisify(execFile)(process.execPath, [vite, ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: "production",
      VITE_SUPABASE_URL: apiUrl,
      VITE_SUPABASE_PUBLISHABLE_KEY: publishableKey,
    },
  });
  return folder;
}

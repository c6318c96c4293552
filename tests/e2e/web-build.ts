import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { ROOT } from "../../supabase/embedded/settings.ts";
import { securityHeaders } from "../../web/plugins/content-security-policy.ts";
import type { StackAddress } from "../support/stack.ts";

export interface WebBuild extends AsyncDisposable {
  /** Folder of the built files. */
  readonly folder: string;
  /** Where they are served, without a slash at the end. */
  readonly url: string;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};
const INCOMPRESSIBLE = ".woff2";

/** Builds the web client for production against a stack, and serves it on loopback as a host should. */
export async function serveWebBuild(
  stack: Pick<StackAddress, "apiUrl" | "publishableKey">,
): Promise<WebBuild> {
  const folder = await buildWeb(stack);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    // Every address without an extension is one of the page's own.
    const path = extname(pathname) === "" ? "/index.html" : pathname;
    const type = TYPES[extname(path)];
    const body = type === undefined ? null : readIfThere(join(folder, path));
    if (body === null) return void response.writeHead(404).end();
    const plain = path.endsWith(INCOMPRESSIBLE);
    response.writeHead(200, {
      ...securityHeaders,
      "content-type": type,
      "cache-control": path.startsWith("/assets/")
        ? "public, max-age=31536000, immutable"
        : "no-cache",
      ...(plain ? {} : { "content-encoding": "gzip" }),
    });
    response.end(plain ? body : gzipSync(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    folder,
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Builds into a temporary folder, whose path is returned; a process of its own has an environment of its own. */
async function buildWeb({
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

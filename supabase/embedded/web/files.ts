import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { securityHeaders } from "../../../web/plugins/content-security-policy.ts";
import { isLocalHost } from "../local-host.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

interface File {
  readonly content: Buffer;
  /** The same compressed; null where that is done already. */
  readonly gzipped: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Serves a built web client as a host should: compressed, its hashed assets for ever, everything else checked by
 * ETag, and every address without an extension as the page. The files, some 1.5 MB, are kept in memory.
 */
export function serveFiles(folder: string): Server {
  const files = new Map<string, File>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (statSync(path).isFile()) files.set(`/${name}`, readFile(path, name));
  }
  return createServer((incoming, response) => {
    if (!isLocalHost(incoming.headers.host)) return void response.writeHead(403).end();
    const pathname = (incoming.url ?? "/").split("?", 1)[0] ?? "/";
    const file = files.get(extname(pathname) === "" ? "/index.html" : pathname);
    if (!file || (incoming.method !== "GET" && incoming.method !== "HEAD")) {
      return void response.writeHead(file ? 405 : 404).end();
    }
    if (incoming.headers["if-none-match"] === file.headers.etag) {
      return void response.writeHead(304, file.headers).end();
    }
    const takesGzip = /\bgzip\b/.test(String(incoming.headers["accept-encoding"]));
    const body = (takesGzip && file.gzipped) || file.content;
    response.writeHead(200, {
      ...file.headers,
      "content-length": String(body.length),
      ...(body === file.gzipped && { "content-encoding": "gzip" }),
    });
    response.end(incoming.method === "HEAD" ? undefined : body);
  });
}

function readFile(path: string, name: string): File {
  const content = readFileSync(path);
  return {
    content,
    gzipped: name.endsWith(".woff2") ? null : gzipSync(content, { level: 9 }),
    headers: {
      ...securityHeaders,
      "content-type": TYPES[extname(name)] ?? "application/octet-stream",
      vary: "accept-encoding",
      "cache-control": name.startsWith("assets/")
        ? "public, max-age=31536000, immutable"
        : "no-cache",
      etag: `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`,
    },
  };
}

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { securityHeaders } from "../../../web/plugins/content-security-policy.ts";

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
  readonly body: Buffer;
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
    const pathname = (incoming.url ?? "/").split("?", 1)[0] ?? "/";
    const file = files.get(extname(pathname) === "" ? "/index.html" : pathname);
    if (!file || (incoming.method !== "GET" && incoming.method !== "HEAD")) {
      return void response.writeHead(file ? 405 : 404).end();
    }
    const fresh = incoming.headers["if-none-match"] === file.headers.etag;
    response.writeHead(fresh ? 304 : 200, file.headers);
    response.end(fresh || incoming.method === "HEAD" ? undefined : file.body);
  });
}

function readFile(path: string, name: string): File {
  const content = readFileSync(path);
  const body = name.endsWith(".woff2") ? content : gzipSync(content, { level: 9 });
  return {
    body,
    headers: {
      ...securityHeaders,
      "content-type": TYPES[extname(name)] ?? "application/octet-stream",
      "content-length": String(body.length),
      ...(body !== content && { "content-encoding": "gzip" }),
      "cache-control": name.startsWith("assets/")
        ? "public, max-age=31536000, immutable"
        : "no-cache",
      etag: `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`,
    },
  };
}

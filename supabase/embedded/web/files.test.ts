import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveFiles } from "./files.ts";

const folder = mkdtempSync(join(tmpdir(), "otis-files-"));
let server: ReturnType<typeof serveFiles>;
let url: string;

beforeAll(async () => {
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>OTIS</title>");
  writeFileSync(join(folder, "assets/index-abc.js"), "export {};");
  server = serveFiles(folder).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

test("every address without an extension is the page, which is checked each time", async () => {
  for (const path of ["/", "/sessions/1?tab=leads"]) {
    const response = await fetch(url + path);
    expect(await response.text()).toContain("<title>OTIS</title>");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test("an asset is kept for ever, compressed, and asked for again costs no body", async () => {
  const first = await fetch(`${url}/assets/index-abc.js`);
  expect(await first.text()).toBe("export {};");
  expect(first.headers.get("cache-control")).toContain("immutable");
  expect(first.headers.get("content-encoding")).toBe("gzip");
  const etag = first.headers.get("etag") ?? "";
  const again = await fetch(`${url}/assets/index-abc.js`, { headers: { "if-none-match": etag } });
  expect(again.status).toBe(304);
});

test("who cannot read gzip is sent none", async () => {
  const plain = await fetch(`${url}/`, { headers: { "accept-encoding": "identity" } });
  expect(plain.headers.get("content-encoding")).toBeNull();
  expect(await plain.text()).toContain("<title>OTIS</title>");
});

test("a name that somebody else pointed at this machine is refused", async () => {
  const { port } = new URL(url);
  const status = await new Promise((resolve) => {
    get({ port, host: "127.0.0.1", headers: { host: `evil.example:${port}` } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });
  expect(status).toBe(403);
});

test("what is not of the build is not served", async () => {
  expect((await fetch(`${url}/assets/other.js`)).status).toBe(404);
  expect((await fetch(`${url}/%2e%2e/%2e%2e/etc/passwd.txt`)).status).toBe(404);
  expect((await fetch(`${url}/`, { method: "POST" })).status).toBe(405);
});

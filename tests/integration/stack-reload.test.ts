import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type EdgeRuntime,
  startEdgeRuntime,
} from "../../supabase/embedded/functions/edge-runtime.ts";
import { watchFunctions } from "../../supabase/embedded/functions/watch.ts";
import { ROOT } from "../../supabase/embedded/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "otis-reload-"));
const entry = join(folder, "hello/index.ts");
const logged: string[] = [];
let runtime: EdgeRuntime;
let watcher: ReturnType<typeof watchFunctions>;

/** A function that answers with `text`, and only after a while when asked for /slow. */
const write = (text: string) =>
  writeFileSync(
    entry,
    `Deno.serve(async (request) => {
      if (request.url.endsWith("/slow")) await new Promise((resolve) => setTimeout(resolve, 1_000));
      return new Response(${JSON.stringify(text)});
    });`,
  );

async function ask(path = ""): Promise<string> {
  const port = await runtime.port(AbortSignal.timeout(10_000));
  return (await fetch(`http://127.0.0.1:${port}/hello${path}`)).text();
}

beforeAll(async () => {
  mkdirSync(join(folder, "hello"));
  write("first");
  runtime = startEdgeRuntime({
    functions: { hello: entry },
    root: ROOT,
    cacheDir: join(folder, "cache"),
    env: {},
    log: (line) => logged.push(line),
  });
  watcher = watchFunctions(join(folder, "hello"), runtime.reload);
  expect(await ask()).toBe("first");
});
afterAll(async () => {
  watcher.close();
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a saved change is served without a restart, and a request under way is answered by the old code", async () => {
  const slow = ask("/slow");
  write("second");
  await expect.poll(() => ask()).toBe("second");
  expect(await slow).toBe("first");
});

test("code that does not start is a logged 503 until it is repaired", async () => {
  writeFileSync(entry, "this is no TypeScript");
  await expect.poll(() => ask()).toContain("BOOT_ERROR");
  expect(logged.join("\n")).toContain("Function hello does not start");
  write("third");
  await expect.poll(() => ask()).toBe("third");
});

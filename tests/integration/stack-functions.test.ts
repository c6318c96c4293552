import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OwnStack, signUp, startOwnStack } from "../support/stack.ts";

let stack: OwnStack;

beforeAll(async () => {
  const probe = fileURLToPath(new URL("../support/functions/probe/index.ts", import.meta.url));
  stack = await startOwnStack({
    functions: { probe, broken: probe.replace("probe", "broken") },
    env: { OTIS_ENDPOINT_EXAMPLE: "http://127.0.0.1:1", HOME_OF_SECRETS: "not for functions" },
  });
});
afterAll(() => stack[Symbol.asyncDispose]());

const call = (path: string, init?: RequestInit) =>
  fetch(`${stack.apiUrl}/functions/v1/probe${path}`, init);

test("a function sees its own path, the body and what the gateway vouches for", async () => {
  const response = await call("/echo?a=1", { method: "POST", body: "hello" });
  expect(await response.json()).toMatchObject({
    method: "POST",
    pathname: "/probe/echo",
    body: "hello",
    headers: { "x-forwarded-host": new URL(stack.apiUrl).host, "x-forwarded-proto": "http" },
  });
});

test("a function has the platform's environment and OTIS_ settings, and nothing else of ours", async () => {
  const env = await (await call("/env")).json();
  expect(env).toMatchObject({
    SUPABASE_URL: stack.apiUrl,
    SUPABASE_DB_URL: stack.databaseUrl,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: stack.publishableKey }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: stack.secretKey }),
    OTIS_ENDPOINT_EXAMPLE: "http://127.0.0.1:1",
  });
  expect(env).not.toHaveProperty("HOME_OF_SECRETS");
});

test("a function cannot read files that are not its own", async () => {
  expect(await (await call("/read")).text()).toBe("NotCapable");
});

test("a user's token carries the key id of the JWKS that functions have", async () => {
  const { client } = await signUp(stack);
  const token = (await client.auth.getSession()).data.session?.access_token ?? "";
  const header = JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
  const env = await (await call("/env")).json();
  const [key] = JSON.parse(env.SUPABASE_JWKS).keys;
  expect(header).toMatchObject({ alg: "HS256", kid: key.kid });
  expect((await client.auth.getUser()).error).toBeNull();
});

test("an error in a function is a 500 and a readable log line", async () => {
  const response = await call("/throw");
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ code: "WORKER_ERROR", message: "Internal Server Error" });
  await expect.poll(() => stack.logged.join("\n")).toContain("Error: thrown on purpose");
  expect(stack.logged.join("\n")).toContain("Function probe failed at GET");
});

test("a function that does not start is a 503, and does not stop the others", async () => {
  const response = await fetch(`${stack.apiUrl}/functions/v1/broken`);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: "BOOT_ERROR" });
});

test("a function that does not exist is a 404", async () => {
  expect((await fetch(`${stack.apiUrl}/functions/v1/nobody`)).status).toBe(404);
});

test("a rejection that nobody handles is logged and harms no other request", async () => {
  expect(await (await call("/reject")).text()).toBe("sent");
  await expect.poll(() => stack.logged.join("\n")).toContain("rejected on purpose");
  expect((await call("/echo")).status).toBe(200);
});

test("work handed to EdgeRuntime.waitUntil goes on after the answer", async () => {
  expect((await call("/background")).status).toBe(202);
  await expect.poll(async () => (await (await call("/counts")).json()).finished).toBe(1);
});

test("a stream arrives as it is written, and its end is noticed when the client leaves", async () => {
  const leaving = new AbortController();
  const response = await call("/stream", { signal: leaving.signal });
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  expect(new TextDecoder().decode(value)).toBe("data: first\n\n");
  leaving.abort();
  await expect.poll(async () => (await (await call("/counts")).json()).streamsLeft).toBe(1);
});

test("a crash starts the process again; the next request waits for it", async () => {
  const before = stack.stack.processes().functions;
  expect((await call("/crash")).status).toBe(502);
  expect((await call("/echo")).status).toBe(200);
  expect(stack.stack.processes().functions).not.toBe(before);
});

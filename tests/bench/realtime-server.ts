/** A server to be measured, as a process of its own: `relay` or `realtime`, then the database and the secret. */
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { type WebSocket, WebSocketServer } from "ws";
import { createRealtimeServer } from "../../supabase/embedded/realtime/server.ts";

const [, , kind, url = "", jwtSecret = ""] = process.argv;
const server = createServer();
const stop = kind === "relay" ? await relay() : await realtime();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
process.send?.({ port: typeof address === "object" ? address?.port : 0 });

process.on("message", async (message) => {
  if (message === "stop") {
    await stop();
    process.exit();
  }
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc?.();
    await sleep(50);
  }
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heap: heapUsed, rss });
});

async function realtime(): Promise<() => Promise<void>> {
  const endpoint = await createRealtimeServer({
    databaseUrl: url,
    jwtSecret,
    keys: { publishable: "sb_publishable_bench", secret: "sb_secret_bench" },
    logger: { info() {}, warn: console.warn, error: console.error },
  });
  server.on("upgrade", (request, socket, head) => endpoint.handleUpgrade(request, socket, head));
  return () => endpoint.close();
}

/** Sends each notification on, to those who named its owner and those who named nobody. */
async function relay(): Promise<() => Promise<void>> {
  const sql = postgres(url, { max: 1, onnotice() {} });
  const sockets = new Map<string, Set<WebSocket>>();
  new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket, request) => {
    const owner = new URL(request.url ?? "/", "http://localhost").searchParams.get("owner") ?? "";
    const same = sockets.get(owner) ?? new Set();
    sockets.set(owner, same.add(socket));
    socket.on("close", () => same.delete(socket));
  });
  await sql.listen("bench", (payload) => {
    const { owner } = JSON.parse(payload);
    for (const key of [owner, ""]) {
      for (const socket of sockets.get(key) ?? []) socket.send(payload);
    }
  });
  return () => sql.end({ timeout: 1 });
}

import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { EdgeRuntime } from "../functions/edge-runtime.ts";
import { sendJson } from "./http.ts";

/** How long a request waits for the functions' process to be started (again). */
const START_TIMEOUT_MS = 10_000;
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade", "host"]);

export interface FunctionProxy {
  forward(incoming: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): void;
}

/**
 * Passes /functions/v1/NAME/… on to the functions' process as /NAME/…, streaming both ways without
 * buffering; who leaves early ends the request over there as well.
 */
export function createFunctionProxy(runtime: EdgeRuntime): FunctionProxy {
  const agent = new Agent({ keepAlive: true });

  async function forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    let port: number;
    try {
      port = await runtime.port(
        AbortSignal.any([gone.signal, AbortSignal.timeout(START_TIMEOUT_MS)]),
      );
    } catch {
      return sendJson(response, 503, {
        code: "BOOT_ERROR",
        message: "The functions' process is not running, see its log.",
      });
    }
    const outgoing = request({
      agent,
      host: "127.0.0.1",
      port,
      method: incoming.method,
      path: (incoming.url ?? "").slice("/functions/v1".length),
      headers: {
        ...withoutHopByHop(incoming.headers),
        "x-forwarded-for": incoming.socket.remoteAddress ?? "",
        "x-forwarded-host": incoming.headers.host ?? "",
        "x-forwarded-proto": "http",
      },
      signal: gone.signal,
    });
    outgoing.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers));
      // What is written first may be all there is for a while: an event stream's headers have to leave now.
      response.flushHeaders();
      pipeline(answer, response, () => {});
    });
    outgoing.on("error", async () => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      // Whoever hears of the crash may ask again at once, and is to wait for the new process.
      await runtime.crashed();
      sendJson(response, 502, {
        code: "WORKER_ERROR",
        message: "The functions' process ended before it had answered.",
      });
    });
    pipeline(incoming, outgoing, () => {});
  }

  return { forward, close: () => agent.destroy() };
}

function withoutHopByHop(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

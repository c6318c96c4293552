import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { StackError } from "../stack-error.ts";
import type { Api } from "./api.ts";
import { allowOrigins } from "./cors.ts";
import type { FunctionProxy } from "./function-proxy.ts";
import { sendJson } from "./http.ts";
import type { Mailbox } from "./mailbox.ts";

/** Takes over a connection that wants to become a WebSocket. */
export type UpgradeHandler = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface Backends {
  readonly api: Api;
  readonly functions: FunctionProxy;
  readonly mailbox: Mailbox;
  readonly realtime: UpgradeHandler;
  readonly log: (line: string) => void;
}

export interface Gateway {
  readonly port: number;
  /** Everything is answered with 503 until this is called. */
  open(backends: Backends): void;
  close(): Promise<void>;
}

/**
 * Takes the port, first of all, so that a second stack stops before it has touched anything.
 * @param port 0 takes any free one
 */
export async function startGateway(port: number): Promise<Gateway> {
  let backends: Backends | undefined;
  const server = createServer({ keepAliveTimeout: 65_000 }, (incoming, response) => {
    if (backends) return void route(backends, incoming, response);
    sendJson(response, 503, { code: "STARTING", message: "OTIS is starting." });
  });
  server.on("upgrade", (incoming, socket, head) => {
    if (backends && pathOf(incoming) === "/realtime/v1/websocket") {
      backends.realtime(incoming, socket, head);
    } else {
      socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
    }
  });
  await listen(server, port);
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    open(given) {
      backends = given;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close").catch(() => {});
    },
  };
}

async function route(
  { api, functions, mailbox, log }: Backends,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = pathOf(incoming);
  if (allowOrigins(incoming, response)) return;
  try {
    if (path.startsWith("/functions/v1/")) return await functions.forward(incoming, response);
    if (path.startsWith("/rest/v1/") || path.startsWith("/auth/v1/")) {
      return await api.answer(incoming, response);
    }
    if (path === "/mailbox" || path === "/mailbox.json") return mailbox.handle(incoming, response);
    if (path === "/health") return sendJson(response, 200, { status: "ok" });
    sendJson(response, 404, { code: "NOT_FOUND", message: `There is nothing at ${path}.` });
  } catch (error) {
    // Who hung up does not want to know.
    if (response.destroyed) return;
    log(`${incoming.method} ${path}: ${error instanceof Error ? error.stack : error}`);
    if (response.headersSent) return void response.destroy();
    sendJson(response, 500, { code: "INTERNAL", message: "Internal Server Error" });
  }
}

function pathOf(incoming: IncomingMessage): string {
  return (incoming.url ?? "/").split("?", 1)[0] ?? "/";
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new StackError(
      `Port ${port} of the API is taken. Stop what uses it (another OTIS?), or set OTIS_API_PORT to another.`,
      { cause },
    );
  }
}

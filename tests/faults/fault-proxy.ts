import { once } from "node:events";
import { createReadStream, existsSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { type Duplex, pipeline } from "node:stream";
import { SignJWT } from "jose";
import { WebSocket, WebSocketServer } from "ws";
import { createJwks } from "../../supabase/embedded/gateway/user-token.ts";
import type { StackAddress } from "../support/stack.ts";

/** What is wrong between the browser and the stack. */
export interface Faults {
  /** Nothing gets through, as with the cable pulled. */
  cut: boolean;
  /** No WebSocket is let through. */
  blockWebSockets: boolean;
  /** Event streams are collected and never passed on before they end. */
  bufferStreams: boolean;
  /** Connections that last are cut after so many milliseconds; 0 for never. */
  cutAfterMs: number;
  /** Part of the server's frames that vanishes on the way. */
  dropFrames: number;
  /** How long a token is valid. */
  tokenSeconds: number;
}

export const healthy: Faults = {
  cut: false,
  blockWebSockets: false,
  bufferStreams: false,
  cutAfterMs: 0,
  dropFrames: 0,
  tokenSeconds: 3_600,
};

const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript" };

/** Stands between a browser and the stack: serves the page, hands out tokens, and breaks things. */
export class FaultProxy implements AsyncDisposable {
  faults: Faults = healthy;
  readonly #stack: StackAddress;
  readonly #folder: string;
  readonly #userId: string;
  readonly #lasting = new Set<{ destroy(): void }>();
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #server = createServer((incoming, response) => void this.#serve(incoming, response));
  requests = 0;

  constructor(options: { stack: StackAddress; folder: string; userId: string }) {
    this.#stack = options.stack;
    this.#folder = options.folder;
    this.#userId = options.userId;
    this.#server.on("upgrade", (incoming, socket, head) => this.#upgrade(incoming, socket, head));
  }

  /** Starts; resolves to its origin. */
  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("no port");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Cuts every connection that lasts: WebSockets and event streams. */
  killConnections(): void {
    for (const connection of this.#lasting) connection.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.killConnections();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(incoming.url ?? "/", "http://page").pathname;
    if (this.faults.cut) return void incoming.socket.destroy();
    if (path === "/token") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(await this.#token()));
    } else if (/^\/(rest|auth|functions)\//.test(path)) this.#forward(incoming, response);
    else {
      const file = join(this.#folder, path === "/" ? "index.html" : path);
      if (!existsSync(file)) return void response.writeHead(404).end();
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      createReadStream(file).pipe(response);
    }
  }

  #forward(incoming: IncomingMessage, response: ServerResponse): void {
    this.requests += 1;
    const outgoing = request(new URL(incoming.url ?? "/", this.#stack.apiUrl), {
      method: incoming.method,
      headers: { ...incoming.headers, host: new URL(this.#stack.apiUrl).host },
    });
    outgoing.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (answer.headers["content-type"]?.startsWith("text/event-stream")) {
        this.#last(response, answer);
        if (this.faults.bufferStreams) return answer.resume().on("end", () => response.end());
        response.flushHeaders();
      }
      return pipeline(answer, response, () => {});
    });
    outgoing.on("error", () => response.destroy());
    response.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.faults.cut || this.faults.blockWebSockets) return void socket.destroy();
    this.#sockets.handleUpgrade(incoming, socket, head, (client) => {
      const server = new WebSocket(
        new URL(incoming.url ?? "/", this.#stack.apiUrl.replace("http", "ws")),
      );
      const early: { data: WebSocket.RawData; binary: boolean }[] = [];
      client.on("message", (data, binary) => {
        if (server.readyState === WebSocket.OPEN) server.send(data, { binary });
        else early.push({ data, binary });
      });
      server.on("open", () => {
        for (const { data, binary } of early) server.send(data, { binary });
      });
      server.on("message", (data, binary) => {
        if (Math.random() >= this.faults.dropFrames) client.send(data, { binary });
      });
      const end = (): void => {
        client.terminate();
        server.terminate();
      };
      for (const side of [client, server]) side.on("close", end).on("error", end);
      this.#last(socket);
    });
  }

  /** Remembers what lasts, and cuts it when its time has come. */
  #last(...parts: { destroy(): void; on(event: "close", listener: () => void): unknown }[]): void {
    const connection = {
      destroy: () => {
        for (const part of parts) part.destroy();
      },
    };
    this.#lasting.add(connection);
    const timer =
      this.faults.cutAfterMs > 0
        ? setTimeout(connection.destroy, this.faults.cutAfterMs)
        : undefined;
    for (const part of parts) {
      part.on("close", () => {
        this.#lasting.delete(connection);
        clearTimeout(timer);
      });
    }
  }

  async #token(): Promise<{ token: string; expiresAt: number }> {
    const { jwtSecret } = this.#stack;
    const expiresAt = Math.floor(Date.now() / 1_000) + this.faults.tokenSeconds;
    const token = await new SignJWT({ role: "authenticated", aud: "authenticated" })
      .setProtectedHeader({ alg: "HS256", kid: JSON.parse(createJwks(jwtSecret)).keys[0].kid })
      .setSubject(this.#userId)
      .setIssuedAt()
      .setExpirationTime(expiresAt)
      .sign(new TextEncoder().encode(jwtSecret));
    return { token, expiresAt: expiresAt * 1_000 };
  }
}

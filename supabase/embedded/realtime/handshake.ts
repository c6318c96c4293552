import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Version } from "./protocol.ts";
import { type Identity, TokenError, type Tokens } from "./token.ts";

/** Why a client may not connect; told as the HTTP answer to its handshake. */
export class HandshakeError extends Error {
  readonly status: 401 | 403 | 404 | 429 | 503;

  constructor(status: HandshakeError["status"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Reads what a client says of itself when it connects. Throws HandshakeError. */
export async function readHandshake(
  request: IncomingMessage,
  tokens: Tokens,
): Promise<{ version: Version; identity: Identity }> {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (!/^(?:\/realtime\/v1|\/socket)\/websocket\/?$/.test(url.pathname)) {
    throw new HandshakeError(404, "There is nothing here: connect to /realtime/v1/websocket");
  }
  // Phoenix's clients that name no version speak the first one.
  const version = url.searchParams.get("vsn") ?? "1.0.0";
  if (version !== "1.0.0" && version !== "2.0.0") {
    throw new HandshakeError(403, `The protocol version ${version} is not spoken here`);
  }
  const header = request.headers["x-api-key"] ?? request.headers.apikey;
  const key = url.searchParams.get("apikey") ?? (Array.isArray(header) ? header[0] : header);
  if (!key) throw new HandshakeError(401, "API key is missing");
  // Only browsers send an origin, and what a browser holds is no secret.
  if (tokens.isSecretKey(key) && request.headers.origin !== undefined) {
    throw new HandshakeError(403, "Forbidden use of secret API key in browser");
  }
  try {
    return { version, identity: await tokens.identify(key) };
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause;
    throw new HandshakeError(401, cause.message, { cause });
  }
}

/** Answers a handshake with an error and ends the connection. */
export function refuse(socket: Duplex, { status, message }: HandshakeError): void {
  const body = JSON.stringify({ error: message });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n` +
      "Connection: close\r\n" +
      "Content-Type: application/json\r\n" +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

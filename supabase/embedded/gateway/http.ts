import type { IncomingMessage, ServerResponse } from "node:http";

/** More than any request of ours; hosted Supabase refuses larger ones as well. */
const MOST_BYTES = 20 * 1024 * 1024;

/** Sends a value as JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

/** Reads a whole body; undefined if it is larger than we take. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What node:http received, as the web's Request. */
export function toRequest(incoming: IncomingMessage, body: Buffer, baseUrl: string): Request {
  const { method = "GET", url = "/", headers } = incoming;
  return new Request(new URL(url, baseUrl), {
    method,
    headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
}

/** Sends the web's Response, whole. */
export async function sendResponse(response: ServerResponse, answer: Response): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    "content-length": body.length,
  });
  response.end(body);
}

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

/** Answers a request of node:http by a function that speaks the web's Request and Response. */
export async function answerByFetch(
  incoming: IncomingMessage,
  response: ServerResponse,
  baseUrl: string,
  fetch: (request: Request) => Promise<Response>,
): Promise<void> {
  const { method = "GET", url = "/", headers } = incoming;
  const body = method === "GET" || method === "HEAD" ? undefined : await readBody(incoming);
  if (body === undefined && method !== "GET" && method !== "HEAD") {
    return sendJson(response, 413, { code: "413", message: "The request is too large." });
  }
  const answer = await fetch(
    new Request(new URL(url, baseUrl), {
      method,
      headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
      ),
      ...(body && body.length > 0 && { body: new Uint8Array(body) }),
    }),
  );
  const content = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    "content-length": content.length,
  });
  response.end(content);
}

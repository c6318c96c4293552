import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface VendorRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export interface VendorAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** A string goes out as it is; anything else as JSON. `null` hangs up without an answer. */
  readonly body?: unknown;
}

/** A server on loopback that answers as a vendor documents; `answer` decides, requests are kept in order. */
export async function startVendor(
  answer: (request: VendorRequest, nth: number) => VendorAnswer | Promise<VendorAnswer>,
) {
  const requests: VendorRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const request = {
      method: incoming.method ?? "GET",
      url: new URL(incoming.url ?? "/", "http://vendor"),
      headers: incoming.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
    requests.push(request);
    const { status = 200, headers = {}, body } = await answer(request, requests.length);
    if (body === null) return outgoing.destroy();
    const raw = typeof body === "string";
    outgoing.writeHead(status, {
      "content-type": raw ? "text/plain" : "application/json",
      ...headers,
    });
    outgoing.end(raw ? body : JSON.stringify(body ?? {}));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

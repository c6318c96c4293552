import { type ByteReader, MalformedMessage } from "./byte-reader.ts";

/** All header lines of one answer together; servers' own limits lie between 8 and 64 KiB. */
const maxHeadBytes = 64 * 1024;

export interface Head {
  status: number;
  headers: Headers;
  /** Whether the connection may carry another request once the body is read. */
  reusable: boolean;
}

export type Framing =
  | { kind: "none" }
  | { kind: "length"; bytes: number }
  | { kind: "chunked" }
  | { kind: "until-close" };

/** A request as it goes over the wire (RFC 9112). `headers` cannot hold line breaks: `Headers` refuses them. */
export function writeRequest(
  method: string,
  url: URL,
  headers: Headers,
  body: Uint8Array | null,
): Uint8Array {
  const lines = [`${method} ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`];
  headers.forEach((value, name) => {
    lines.push(`${name}: ${value}`);
  });
  if (body !== null) lines.push(`content-length: ${body.length}`);
  const head = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
  if (body === null) return head;
  const message = new Uint8Array(head.length + body.length);
  message.set(head);
  message.set(body, head.length);
  return message;
}

/** Reads the status line and headers, passing over 1xx answers. Null when nothing came at all. */
export async function readHead(reader: ByteReader): Promise<Head | null> {
  for (;;) {
    const statusLine = await reader.line(maxHeadBytes);
    if (statusLine === null) return null;
    const match = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(statusLine);
    if (match === null) throw new MalformedMessage("it does not speak HTTP/1.1");
    const headers = await readHeaders(reader, maxHeadBytes - statusLine.length);
    const status = Number(match[2]);
    if (status === 101) throw new MalformedMessage("it switches to another protocol");
    if (status < 200) continue;
    const connection = headers.get("connection")?.toLowerCase() ?? "";
    const reusable = match[1] === "1" && !connection.includes("close");
    return { status, headers, reusable };
  }
}

async function readHeaders(reader: ByteReader, budget: number): Promise<Headers> {
  const headers = new Headers();
  let left = budget;
  for (;;) {
    const line = await reader.line(left);
    if (line === null) throw new MalformedMessage("it ended within the headers");
    if (line === "") return headers;
    left -= line.length + 2;
    const colon = line.indexOf(":");
    if (colon <= 0 || /\s/.test(line.slice(0, colon))) continue;
    try {
      headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    } catch {
      // A header that no standard allows carries nothing OTIS would use.
    }
  }
}

/** How the end of the body is marked (RFC 9112 §6.3). Contradictory lengths are refused: request smuggling. */
export function framingOf(method: string, head: Head): Framing {
  if (method === "HEAD" || head.status === 204 || head.status === 304) return { kind: "none" };
  const encoding = head.headers.get("transfer-encoding")?.toLowerCase().trim();
  if (encoding !== undefined) {
    if (encoding === "chunked") return { kind: "chunked" };
    throw new MalformedMessage(`it uses the transfer encoding "${encoding}"`);
  }
  const length = head.headers.get("content-length");
  if (length === null) return { kind: "until-close" };
  const values = new Set(length.split(",").map((value) => value.trim()));
  const [value = ""] = values;
  if (values.size !== 1 || !/^\d{1,15}$/.test(value)) {
    throw new MalformedMessage("it contradicts itself about its length");
  }
  return { kind: "length", bytes: Number(value) };
}

/** The body's bytes as they come, still compressed. A body that ends early is malformed, never short. */
export async function* readBody(reader: ByteReader, framing: Framing): AsyncGenerator<Uint8Array> {
  switch (framing.kind) {
    case "none":
      return;
    case "length":
      yield* readCounted(reader, framing.bytes);
      return;
    case "until-close":
      for (;;) {
        const piece = await reader.some(Number.POSITIVE_INFINITY);
        if (piece === null) return;
        yield piece;
      }
    case "chunked":
      yield* readChunks(reader);
      return;
  }
}

async function* readCounted(reader: ByteReader, bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; ) {
    const piece = await reader.some(left);
    if (piece === null) throw new MalformedMessage("it ended before the announced length");
    left -= piece.length;
    yield piece;
  }
}

async function* readChunks(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const sizeLine = await reader.line(4096);
    const match = /^([0-9a-f]{1,12})\s*(?:;|$)/i.exec(sizeLine ?? "");
    if (match === null) throw new MalformedMessage("its chunks are broken");
    const size = Number.parseInt(match[1] ?? "", 16);
    if (size === 0) break;
    yield* readCounted(reader, size);
    if ((await reader.line(2)) !== "") throw new MalformedMessage("its chunks are broken");
  }
  await readHeaders(reader, maxHeadBytes);
}

import { pipeline, Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib";
import { MalformedMessage } from "./byte-reader.ts";

/** What OTIS asks servers for; `deflate` is understood but not asked for, since servers disagree on it. */
export const acceptEncoding = "gzip, br";

type Bytes = AsyncIterable<Uint8Array>;

/**
 * Undoes `Content-Encoding` piece by piece, so that whoever reads can stop a bomb early.
 * Unknown and stacked encodings are malformed: only attackers stack them.
 */
export async function* decodeContent(
  source: Bytes,
  encoding: string | null,
): AsyncGenerator<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? "";
  if (name === "" || name === "identity") {
    yield* source;
    return;
  }
  const pieces = source[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done) return;
  const engine = createDecoder(name, first.value);
  let sourceError: unknown;
  async function* replay(head: Uint8Array) {
    try {
      yield head;
      yield* { [Symbol.asyncIterator]: () => pieces };
    } catch (cause) {
      sourceError = cause;
      throw cause;
    }
  }
  pipeline(Readable.from(replay(first.value), { objectMode: false }), engine, () => {});
  try {
    for await (const piece of engine) yield piece;
  } catch (cause) {
    throw sourceError ?? new MalformedMessage("its compression is broken", { cause });
  } finally {
    engine.destroy();
    await pieces.return?.();
  }
}

function createDecoder(name: string, head: Uint8Array): Transform {
  switch (name) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "br":
      return createBrotliDecompress();
    case "deflate":
      // Meant is zlib (RFC 1950, method 8 in the low bits); some servers send the bare stream.
      return ((head[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
    default:
      throw new MalformedMessage(`it uses the content encoding "${name}"`);
  }
}

/** Passes bytes through until there are more than `max`; then `exceeded` makes the error, or null cuts. */
export async function* limitBytes(
  source: Bytes,
  max: number,
  exceeded: () => Error | null,
): AsyncGenerator<Uint8Array> {
  let left = max;
  for await (const piece of source) {
    if (piece.length > left) {
      const error = exceeded();
      if (error !== null) throw error;
      yield piece.subarray(0, left);
      return;
    }
    left -= piece.length;
    yield piece;
  }
}

/** Everything at once. */
export async function collectBytes(source: Bytes): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of source) {
    pieces.push(piece);
    total += piece.length;
  }
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

import { decodeText, parseContentType } from "./charset.ts";
import { collectBytes, decodeContent, limitBytes } from "./content-decoding.ts";
import { isAcceptable, looksLikeText } from "./content-type.ts";
import { FetchFailure } from "./fetch-failure.ts";
import type { RawResponse } from "./http-client.ts";

export interface SafeResponse {
  /** Every HTTP status is an answer; what is not an answer rejects. */
  status: number;
  /** The final address, after redirects. */
  url: string;
  headers: Headers;
  /** The header as it came, parameters included. */
  contentType: string | null;
  body: Uint8Array;
  /** The encoding `text()` uses, by its WHATWG name. */
  readonly charset: string;
  text(): string;
}

export interface BodyLimits {
  /** Largest body in bytes, both as sent and after decompression. */
  maxBytes: number;
  /** Media types that are wanted; applies to 2xx answers. */
  accept: readonly string[];
  /** Cut what is too long instead of refusing it. */
  cut: boolean;
}

/** Error pages are read for their explanation only; the rest is cut off. */
const maxErrorPageBytes = 256 * 1024;

/** The decompressed body as it comes, refused by type or announced length before a byte is read. */
export function openBody(
  url: URL,
  raw: RawResponse,
  limits: BodyLimits,
): AsyncGenerator<Uint8Array> {
  const { status, headers } = raw;
  const good = status >= 200 && status < 300;
  if (good && isAcceptable(mediaTypeOf(headers), limits.accept) === "no") {
    throw contentTypeFailure(url, headers);
  }
  const max = good ? limits.maxBytes : Math.min(limits.maxBytes, maxErrorPageBytes);
  const mayCut = limits.cut || !good;
  const tooLarge = () => new FetchFailure("too_large", url.host, { detail: inMegabytes(max) });
  if (!mayCut && Number(headers.get("content-length")) > max) throw tooLarge();
  const excess = () => (mayCut ? null : tooLarge());
  const decoded = decodeContent(limitBytes(raw.body, max, excess), headers.get("content-encoding"));
  return limitBytes(decoded, max, excess);
}

/** Reads the whole body. */
export async function readResponse(
  url: URL,
  raw: RawResponse,
  limits: BodyLimits,
): Promise<SafeResponse> {
  const { status, headers } = raw;
  const body = await collectBytes(openBody(url, raw, limits));
  const good = status >= 200 && status < 300;
  const verdict = isAcceptable(mediaTypeOf(headers), limits.accept);
  if (good && verdict === "if-text" && !looksLikeText(body)) throw contentTypeFailure(url, headers);

  const contentType = headers.get("content-type");
  let decoded: ReturnType<typeof decodeText> | null = null;
  const decode = () => {
    decoded ??= decodeText(body, parseContentType(contentType).charset);
    return decoded;
  };
  return {
    status,
    url: url.href,
    headers,
    contentType,
    body,
    get charset() {
      return decode().charset;
    },
    text: () => decode().text,
  };
}

function mediaTypeOf(headers: Headers): string | null {
  return parseContentType(headers.get("content-type")).mediaType;
}

function contentTypeFailure(url: URL, headers: Headers): FetchFailure {
  return new FetchFailure("content_type", url.host, {
    detail: mediaTypeOf(headers) ?? "unknown data",
  });
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

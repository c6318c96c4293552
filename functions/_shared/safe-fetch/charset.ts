/** How far into a document its own charset declaration is looked for; HTML asks for 1,024 bytes. */
const sniffBytes = 4096;

export interface DecodedText {
  text: string;
  /** The WHATWG name of the encoding that was used. */
  charset: string;
}

/** The media type in lower case without parameters, and the charset label, if any. */
export function parseContentType(header: string | null): {
  mediaType: string | null;
  charset: string | null;
} {
  const mediaType = header?.split(";", 1)[0]?.trim().toLowerCase() || null;
  const charset = /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(header ?? "")?.[1] ?? null;
  return { mediaType, charset };
}

/**
 * Decodes a body as browsers do (byte order mark, header, the document's own declaration, UTF-8),
 * except that evidence beats a claim: bytes that are proper UTF-8 are UTF-8 whatever was declared,
 * and a declared UTF-8 that is not one falls back to the document's word, then to windows-1252.
 */
export function decodeText(bytes: Uint8Array, headerCharset: string | null): DecodedText {
  const marked = byteOrderMark(bytes);
  if (marked !== null) return decodeAs(marked, bytes);
  const declared = [knownCharset(headerCharset), knownCharset(declaredCharset(bytes))];
  const [claim = "utf-8"] = declared.filter((label) => label !== null);
  if (claim.startsWith("utf-16")) return decodeAs(claim, bytes);
  if (claim === "utf-8" || hasHighBytes(bytes)) {
    try {
      return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), charset: "utf-8" };
    } catch {
      const other = declared.find((label) => label !== null && label !== "utf-8");
      return decodeAs(other ?? "windows-1252", bytes);
    }
  }
  return decodeAs(claim, bytes);
}

function decodeAs(charset: string, bytes: Uint8Array): DecodedText {
  return { text: new TextDecoder(charset).decode(bytes), charset };
}

function byteOrderMark(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return null;
}

/** `<meta charset>`, `<meta http-equiv>`, `<?xml encoding?>` or `@charset`, whichever comes first. */
function declaredCharset(bytes: Uint8Array): string | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, sniffBytes));
  const found =
    /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]+)|^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]+)/i.exec(
      head,
    );
  const label = found?.[1] ?? found?.[2] ?? null;
  // A document that could be sniffed as ASCII cannot be UTF-16, whatever it says (HTML §13.2.3.2).
  return label !== null && /^utf-?16/i.test(label) ? "utf-8" : label;
}

function knownCharset(label: string | null): string | null {
  if (label === null) return null;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

function hasHighBytes(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte > 0x7f);
}

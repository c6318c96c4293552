/**
 * Bytes to text. What a server or page declares is often wrong, so: a byte order mark decides;
 * else bytes that are valid UTF-8 are UTF-8; else the declared charset; else windows-1252, which
 * is what browsers assume too. A few stray bytes do not make a UTF-8 text something else.
 */
export function decodeText(body: Uint8Array, contentType: string | null): string {
  const marked = byteOrderMark(body);
  if (marked !== null) return new TextDecoder(marked).decode(body);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    const declared = declaredCharset(body, contentType);
    if (declared !== null && declared !== "utf-8") return new TextDecoder(declared).decode(body);
    const lenient = new TextDecoder().decode(body);
    return declared === "utf-8" || mostlyUtf8(lenient)
      ? lenient
      : new TextDecoder("windows-1252").decode(body);
  }
}

export function byteOrderMark(body: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | null {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return "utf-8";
  if (body[0] === 0xff && body[1] === 0xfe) return "utf-16le";
  if (body[0] === 0xfe && body[1] === 0xff) return "utf-16be";
  return null;
}

/** The charset of the Content-Type, `<meta charset>` or XML declaration, if the runtime knows it. */
function declaredCharset(body: Uint8Array, contentType: string | null): string | null {
  const head = new TextDecoder("latin1").decode(body.subarray(0, 2048));
  const label =
    /charset\s*=\s*["']?([\w-]+)/i.exec(contentType ?? "")?.[1] ??
    /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1] ??
    /<\?xml[^>]+encoding\s*=\s*["']([\w-]+)/i.exec(head)?.[1];
  if (label === undefined) return null;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

function mostlyUtf8(text: string): boolean {
  let broken = 0;
  let beyondAscii = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) beyondAscii++;
    if (unit === 0xfffd) broken++;
  }
  return broken * 10 < beyondAscii;
}

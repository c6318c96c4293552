import { decodeText, parseContentType } from "../safe-fetch/charset.ts";

/**
 * A fetched body as text. Where the browsers' way ends in windows-1252 although nearly all of the
 * bytes are proper UTF-8, it is UTF-8 with a few bytes broken: a teaser cut within a character.
 */
export function bodyText(body: Uint8Array, contentType: string | null): string {
  const { text, charset } = decodeText(body, parseContentType(contentType).charset);
  if (charset !== "windows-1252") return text;
  const utf8 = new TextDecoder().decode(body);
  return mostlyIntact(utf8) ? utf8 : text;
}

/** True if hardly any character beyond ASCII was broken when a text was decoded. */
export function mostlyIntact(text: string): boolean {
  let broken = 0;
  let beyondAscii = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) beyondAscii++;
    if (unit === 0xfffd) broken++;
  }
  return broken * 10 < beyondAscii;
}

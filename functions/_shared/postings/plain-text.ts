import { decodeHTML } from "entities";

/** What copy-and-paste leaves in titles and names (soft hyphen, BOM, bidi marks); not the emoji joiner. */
const invisible = /(?!\u200D)\p{Cf}/gu;
const controls = /\p{Cc}/gu;
const entity = /&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]+);/i;

/** Decodes HTML entities, also those that were escaped twice ("R&amp;amp;D"). */
export function decodeEntities(text: string): string {
  let decoded = text;
  for (let pass = 0; pass < 2 && entity.test(decoded); pass++) decoded = decodeHTML(decoded);
  return decoded;
}

/**
 * One line of clean text: entities decoded, invisible characters dropped, white space collapsed,
 * cut at a word's end to at most `max` characters. Null when nothing is left or it is no text.
 */
export function cleanLine(value: unknown, max: number): string | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const raw = String(value).slice(0, max * 20);
  const line = decodeEntities(raw.includes("<") ? stripTags(raw) : raw)
    .normalize("NFC")
    .replace(invisible, "")
    .replace(controls, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line === "" ? null : truncate(line, max);
}

/** Removes well-formed tags only: "C < D" and "<3" stay. */
function stripTags(text: string): string {
  return text.replace(/<\/?[a-z][^<>]*>/gi, " ");
}

/** Cuts at the last word within `max` characters, marked by an ellipsis; never splits a surrogate pair. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "");
  const space = cut.lastIndexOf(" ");
  return `${(space > max / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** Case, accents, ligatures and punctuation folded away: "Zürich-Nord" and "zurich nord" are equal. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/ø/g, "o")
    .replace(/ł/g, "l")
    .replace(/æ/g, "ae")
    .replace(/œ/g, "oe")
    .replace(/đ/g, "d")
    .replace(/[^\p{L}\p{N}+#]+/gu, " ")
    .trim();
}

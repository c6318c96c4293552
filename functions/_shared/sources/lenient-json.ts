import { decodeHTML } from "entities";

/** Longer blocks are only read if they are valid: going through them by character costs too much. */
const maxRepaired = 1_000_000;

/**
 * Parses JSON as it stands in pages: first strictly, then with what pages get wrong put right:
 * CDATA and comment wrappers, HTML entities for quotes, raw control characters in strings,
 * JavaScript comments, trailing commas and semicolons, invalid escapes and, as a last resort,
 * quotes inside strings. Undefined when it is beyond repair.
 */
export function parseLenientJson(source: string): unknown {
  const plain = tryParse(source);
  if (plain !== undefined) return plain;
  if (source.length > maxRepaired) return undefined;
  const text = unwrap(source);
  for (const guessQuotes of [false, true]) {
    const value = tryParse(repair(text, guessQuotes));
    if (value !== undefined) return value;
  }
  return undefined;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unwrap(source: string): string {
  // Trimmed first: a pattern that looks for the end behind white space is slow on a lot of it.
  const text = source
    .trim()
    .replace(/^(?:\/\/|\/\*)?\s*(?:<!\[CDATA\[|<!--)/, "")
    .replace(/\*\/$/, "")
    .trim()
    .replace(/(?:\]\]>|-->)$/, "")
    .trim()
    .replace(/(?:\/\/|\/\*)$/, "")
    .replace(/^\*\//, "")
    .trim()
    .replace(/;$/, "");
  return !text.includes('"') && text.includes("&quot;") ? decodeHTML(text) : text;
}

const escapes: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** One pass over the text with a single bit of state: inside a string or not. */
function repair(text: string, guessQuotes: boolean): string {
  const out: string[] = [];
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const char = text[index] ?? "";
    const next = text[index + 1] ?? "";
    if (inString) {
      if (char === "\\") {
        const valid =
          /["\\/bfnrt]/.test(next) || /^u[\da-f]{4}/i.test(text.slice(index + 1, index + 6));
        if (valid) {
          out.push(char, next);
          index++;
        } else if (next !== "'") out.push("\\\\");
      } else if (char === '"' && (!guessQuotes || closesString(text, index))) {
        inString = false;
        out.push(char);
      } else if (char === '"') out.push('\\"');
      else out.push(char < " " ? (escapes[char] ?? " ") : char);
    } else if (char === "/" && next === "/") {
      const end = text.indexOf("\n", index);
      index = end < 0 ? text.length : end - 1;
    } else if (char === "/" && next === "*") {
      const end = text.indexOf("*/", index);
      index = end < 0 ? text.length : end + 1;
    } else {
      if (char === '"') inString = true;
      else if (char === "}" || char === "]") dropTrailingComma(out);
      out.push(char);
    }
  }
  return out.join("").trim().replace(/;$/, "");
}

/** What was written last, but for white space, if it is a comma. */
function dropTrailingComma(out: string[]): void {
  let last = out.length - 1;
  while (last >= 0 && (out[last] ?? "").trim() === "") last--;
  if (out[last] === ",") out[last] = "";
}

/** A quote ends its string if what follows can follow a string. */
function closesString(text: string, quote: number): boolean {
  const at = skipSpace(text, quote + 1);
  const next = text[at];
  if (next === undefined || next === "}" || next === "]" || next === ":") return true;
  return next === "," && /^\s*(?:["{[\d-]|true|false|null)/.test(text.slice(at + 1, at + 40));
}

function skipSpace(text: string, from: number): number {
  let index = from;
  while (/\s/.test(text[index] ?? "")) index++;
  return index;
}

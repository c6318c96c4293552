/**
 * Ways in which sites hide addresses from simple robots, and how browsers show them all the same.
 * Each decoder answers null, or nothing, where its pattern does not apply.
 */

/** Cloudflare: hexadecimal bytes, the first one is the key with which the others are xor-ed. */
export function decodeCloudflareEmail(hex: string): string | null {
  if (!/^(?:[0-9a-f]{2}){4,}$/i.test(hex)) return null;
  const bytes = hex.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
  const key = bytes[0] ?? 0;
  return new TextDecoder().decode(Uint8Array.from(bytes.slice(1), (byte) => byte ^ key));
}

/** TYPO3's `linkTo_UnCryptMailto('…')`: letters, digits and `+,-.:;@_` moved by a few places. */
export function decodeTypo3Mailto(href: string): string | null {
  const cipher = /UnCryptMailto\((?:'|"|%27|%22)(.+?)(?:'|"|%27|%22)/i.exec(href)?.[1];
  if (cipher === undefined) return null;
  const ranges: [number, number][] = [
    [0x2b, 0x3a],
    [0x40, 0x5a],
    [0x61, 0x7a],
  ];
  for (let offset = -13; offset <= 13; offset++) {
    const plain = Array.from(decodePercent(cipher), (char) => shift(char, offset, ranges)).join("");
    if (plain.startsWith("mailto:")) return plain.slice("mailto:".length);
  }
  return null;
}

function shift(char: string, offset: number, ranges: [number, number][]): string {
  const code = char.charCodeAt(0);
  for (const [low, high] of ranges) {
    if (code < low || code > high) continue;
    const size = high - low + 1;
    return String.fromCharCode(low + ((((code - low + offset) % size) + size) % size));
  }
  return char;
}

/** Addresses that a script puts together from attributes of the link when it is clicked. */
export function hiddenMailto(attributes: Record<string, string>): string | null {
  // The WordPress plugin "Email Encoder" writes ROT13.
  const encoded = attributes["data-enc-email"];
  if (encoded !== undefined) return `mailto:${spellOut(decodeRot13(spellOut(encoded)))}`;
  const user = attributes["data-user"] ?? attributes["data-name"] ?? attributes["data-local"];
  const domain = attributes["data-domain"] ?? attributes["data-host"];
  return user && domain ? `mailto:${user}@${domain}` : null;
}

function decodeRot13(text: string): string {
  return text.replace(/[a-z]/gi, (char) => {
    const base = char <= "Z" ? 65 : 97;
    return String.fromCharCode(((char.charCodeAt(0) - base + 13) % 26) + base);
  });
}

/** Joins string literals that a script adds up: `'in' + 'fo' + '&#64;' + 'x.nl'` → `info@x.nl`. */
export function joinScriptStrings(script: string): string {
  if (script.length > 20_000 || !/mailto|document\.write|addy|&#64;/i.test(script)) return "";
  const decoded = script.replace(/&#(\d{2,3});?/g, (_, code) => String.fromCharCode(Number(code)));
  // Joomla goes on in a second statement: addy1 = addy1 + 'x' + '.nl'.
  const joined = decoded.replace(
    /(['"])\s*;\s*(?:var\s+)?(\w+)\s*=\s*\2\s*\+\s*(['"])/g,
    "$1 + $3",
  );
  return joined.replace(/(['"])\s*\+\s*(['"])/g, (match, left, right) =>
    left === right ? "" : match,
  );
}

/** Writes out spelt-out addresses in text: `info [at] x [dot] de`, `info(ät)x.de`, `info＠x.de`. */
export function spellOut(text: string): string {
  return text
    .replace(/\uFF20/g, "@")
    .replace(
      /\s*[[({<]\s*(?:@|at|ät|æt|a|apenstaart(?:je)?|arobase|klammeraffe)\s*[\])}>]\s*/gi,
      "@",
    )
    .replace(/(?<=[@\w-])\s*[[({<]\s*(?:\.|dot|punkt|punt|point|pkt)\s*[\])}>]\s*(?=\w)/gi, ".")
    .replace(/(?<=[\w.-]{2}) AT (?=[\w-]+(?:\.| DOT ))/g, "@")
    .replace(/(?<=@[\w.-]+) DOT (?=\w{2,})/g, ".")
    .replace(/(?<=\w) @ (?=[\w-]+\.\w)/g, "@")
    .replace(/(?<=\w)@ (?=[\w-]+\.\w)|(?<=\w) @(?=[\w-]+\.\w)/g, "@");
}

/** `decodeURIComponent` that leaves broken escapes as they are. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const EMAIL = /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}]{2,}$/u;

interface Parsed {
  readonly emails: string[];
  readonly domains: string[];
  /** The first piece that is neither; nothing is sent then. */
  readonly wrong: string | null;
}

/** Takes a pasted list apart: addresses, and domains with or without an `@` before them. */
export function parseSuppression(text: string): Parsed {
  const emails = new Set<string>();
  const domains = new Set<string>();
  let wrong: string | null = null;
  for (const piece of text.toLowerCase().split(/[\s,;]+/)) {
    const domain = piece
      .replace(/^@/, "")
      .replace(/^https?:\/\/(?:www\.)?/, "")
      .replace(/\/.*$/, "");
    if (piece === "") continue;
    if (EMAIL.test(piece)) emails.add(piece);
    else if (DOMAIN.test(domain)) domains.add(domain);
    else wrong ??= piece;
  }
  return { emails: [...emails], domains: [...domains], wrong };
}

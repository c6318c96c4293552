import type { FoundContact } from "../provider.ts";

/** How sure a guess from another person's address is. */
const GUESS_CONFIDENCE = 0.4;

type Pattern = (first: string, last: string) => string;

const PATTERNS: Pattern[] = [
  (first, last) => `${first}.${last}`,
  (first, last) => `${first}${last}`,
  (first, last) => `${first[0] ?? ""}.${last}`,
  (first, last) => `${first[0] ?? ""}${last}`,
  (first, last) => `${first}_${last}`,
  (first, last) => `${last}.${first}`,
  (first) => first,
];

/**
 * Gives people without an address the one that follows from how a colleague's address is made. Such addresses
 * are marked `guessed`, count as unknown in the waterfall, and are never guessed from nothing.
 */
export function guessEmails(contacts: FoundContact[], domain: string | null): FoundContact[] {
  if (domain === null) return contacts;
  const pattern =
    contacts.map((contact) => patternOf(contact, domain)).find((found) => found !== null) ?? null;
  if (pattern === null) return contacts;
  const known = new Set(contacts.map(({ email }) => email));
  return contacts.map((contact) => {
    if (contact.kind !== "person" || contact.email !== null) return contact;
    const { first, last } = namesOf(contact.fullName ?? "");
    const email = `${pattern(first, last)}@${domain}`;
    if (first === "" || last === "" || known.has(email)) return contact;
    return {
      ...contact,
      email,
      emailStatus: "guessed",
      method: "guessed",
      confidence: Math.min(contact.confidence, GUESS_CONFIDENCE),
    };
  });
}

function patternOf({ fullName, email, emailStatus }: FoundContact, domain: string): Pattern | null {
  if (
    fullName === null ||
    email === null ||
    emailStatus === "guessed" ||
    !email.endsWith(`@${domain}`)
  )
    return null;
  const { first, last } = namesOf(fullName);
  return PATTERNS.find((pattern) => `${pattern(first, last)}@${domain}` === email) ?? null;
}

function namesOf(fullName: string): { first: string; last: string } {
  const plain = fullName
    .toLowerCase()
    .replace(/ä/g, "ae")
    .replace(/ö/g, "oe")
    .replace(/ü/g, "ue")
    .replace(/ß/g, "ss");
  const words = plain
    .normalize("NFKD")
    .replace(/[^a-z -]/g, "")
    .split(" ")
    .filter(Boolean);
  return { first: words[0] ?? "", last: words.length > 1 ? (words.at(-1) ?? "") : "" };
}

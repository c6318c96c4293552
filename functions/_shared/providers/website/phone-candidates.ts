/** Runs of digits with the separators that people put between them; letters, @, / before it make it part of something else. */
const CANDIDATE =
  /(?<![\w@/=#-]|\d[.,])(?:\(?\+ ?|\(?00 ?|\(? ?0|\(|\d)[\d()./ \u2010-\u2015·-]{4,24}\d(?![\w@=%]|[.,]\d)/g;

const DATE_OR_TIME =
  /^\(?\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}\b|^(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}\b|^\d{1,2}[.]\d{2}\s*[-–]\s*\d{1,2}[.]\d{2}$|^(?:19|20)\d{2}\s?[-–/]\s?(?:19|20)\d{2}$|^\d+\.\d{3}\.\d{3}$/;

/** Pieces of a text that are written like phone numbers, with where they begin. */
export function* candidates(text: string): Generator<{ written: string; index: number }> {
  for (const match of text.matchAll(CANDIDATE)) {
    const whole = match[0].replace(/[\s./–—-]+$/, "");
    for (const part of splitList(whole)) {
      const written = balance(part.trim());
      if (!DATE_OR_TIME.test(written))
        yield { written, index: match.index + match[0].indexOf(part.trim()) };
    }
  }
}

/** "030 12 34 56 / 030 12 34 57" are two numbers, "030 / 12 34 56" is one. */
function splitList(text: string): string[] {
  const parts = text.split(/\s\/\s|\s[–—-]\s(?=\(?[+0])/);
  return parts.length > 1 && parts.every((part) => part.replace(/\D/g, "").length >= 7)
    ? parts
    : [text];
}

function balance(text: string): string {
  const opens = text.split("(").length;
  const closes = text.split(")").length;
  if (opens > closes && text.startsWith("(")) return text.slice(1).trim();
  return opens < closes && text.endsWith(")") ? text.slice(0, -1).trim() : text;
}

/** The text with bank accounts blanked out: their groups of digits look like phone numbers. */
export function withoutBankAccounts(text: string): string {
  return text.replace(/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g, (account) =>
    "x".repeat(account.length),
  );
}

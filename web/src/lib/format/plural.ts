import { formatCount } from "./number.ts";

const rules = new Intl.PluralRules("en");

/** "1 company", "1,204 companies". The forms are in the language of the texts. */
export const plural = (n: number, one: string, other: string): string =>
  `${formatCount(n)} ${rules.select(n) === "one" ? one : other}`;

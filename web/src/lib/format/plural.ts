import { formatCount } from "./number.ts";

const rules = new Intl.PluralRules("en");

/** "1 company", "1,204 companies". The forms are in the language of the texts. */
export const plural = (n: number, one: string, other: string): string =>
  `${formatCount(n)} ${rules.select(n) === "one" ? one : other}`;

/** "1 credit", "2.5 credits", of a formatted number. */
export const countCredits = (n: string): string => `${n} ${n === "1" ? "credit" : "credits"}`;

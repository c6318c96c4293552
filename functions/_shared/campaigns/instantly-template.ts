import type { Values } from "./template.ts";

/** What a lead carries in Instantly by itself, under Instantly's names. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  email: "email",
  first_name: "firstName",
  last_name: "lastName",
  company_name: "companyName",
  personal_line: "personalization",
};

/** A variable that Instantly does not have by itself: each lead brings its value under `key`. */
export interface CustomVariable {
  readonly key: string;
  readonly name: string;
  /** What is said of a lead without a value. */
  readonly fallback: string;
}

export interface InstantlyTexts {
  readonly subject: string;
  readonly body: string;
  readonly custom: readonly CustomVariable[];
}

const VARIABLE = /\{\{\s*([a-z][a-z0-9_]*)\s*(?:\|([^{}]*))?\}\}/gi;

/**
 * The same texts in Instantly's language. `constants` (the sender, the unsubscribe text) are written out; what has a
 * fallback or is unknown to Instantly becomes a custom variable, so that every lead reads as its preview did.
 */
export function toInstantly(
  texts: { subject: string; body: string },
  constants: Values,
): InstantlyTexts {
  const custom: CustomVariable[] = [];
  const translate = (template: string): string =>
    template.replace(VARIABLE, (_match, written: string, fallback: string | undefined) => {
      const name = written.toLowerCase();
      if (Object.hasOwn(constants, name)) return constants[name]?.trim() || (fallback ?? "").trim();
      const own = OWN_NAMES[name];
      if (own !== undefined && fallback === undefined) return `{{${own}}}`;
      return `{{${keyOf(custom, name, (fallback ?? "").trim())}}}`;
    });
  return { subject: translate(texts.subject), body: translate(texts.body), custom };
}

/** One key for each name and fallback: "city", and "city_2" where another fallback stands. */
function keyOf(custom: CustomVariable[], name: string, fallback: string): string {
  const same = custom.filter((variable) => variable.name === name);
  const known = same.find((variable) => variable.fallback === fallback);
  if (known !== undefined) return known.key;
  const isTaken = same.length > 0 || Object.values(OWN_NAMES).includes(name);
  const key = isTaken ? `${name}_${same.length + 1}` : name;
  custom.push({ key, name, fallback });
  return key;
}

/** What one lead brings along for the custom variables. */
export function customValues(
  custom: readonly CustomVariable[],
  values: Values,
): Record<string, string> {
  return Object.fromEntries(
    custom.map(({ key, name, fallback }) => [key, values[name]?.trim() || fallback]),
  );
}

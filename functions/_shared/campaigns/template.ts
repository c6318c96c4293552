/**
 * The template language of campaigns: text with `{{name}}` or `{{name|what to say without it}}`.
 * Nothing is evaluated, so a template cannot do harm; what is not a variable stays as it was written.
 */
export type Values = Readonly<Record<string, string | null | undefined>>;

/** What a template may say of a lead. The client offers them; the rest are unknown. */
export const VARIABLES = [
  "first_name",
  "last_name",
  "full_name",
  "email",
  "role",
  "company_name",
  "domain",
  "industry",
  "city",
  "country",
  "job_title",
  "jobs_count",
  "personal_line",
  "sender_name",
  "sender_company",
  "unsubscribe_text",
] as const;

const VARIABLE = /\{\{\s*([a-z][a-z0-9_]*)\s*(?:\|([^{}]*))?\}\}/gi;

/** The names a template uses, once each, in the order they appear. */
export function variablesOf(template: string): string[] {
  return [
    ...new Set([...template.matchAll(VARIABLE)].map((match) => (match[1] ?? "").toLowerCase())),
  ];
}

/** The names a template uses and OTIS does not know; columns of an imported file may be given as `more`. */
export function unknownVariables(template: string, more: Iterable<string> = []): string[] {
  const known = new Set<string>([...VARIABLES, ...more]);
  return variablesOf(template).filter((name) => !known.has(name));
}

/** The text for one lead; a variable without a value becomes its fallback, or nothing. */
export function render(template: string, values: Values): string {
  return template.replace(VARIABLE, (_match, name: string, fallback: string | undefined) => {
    const value = values[name.toLowerCase()]?.trim();
    return value ? value : (fallback ?? "").trim();
  });
}

/** Whether every variable without a fallback has a value. */
export function isComplete(template: string, values: Values): boolean {
  return [...template.matchAll(VARIABLE)].every(
    ([, name = "", fallback]) =>
      fallback !== undefined || Boolean(values[name.toLowerCase()]?.trim()),
  );
}

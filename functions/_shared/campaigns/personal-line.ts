import { isComplete, render, type Values } from "./template.ts";

/** What a lead's line may be long (the column's limit is 500 bytes; letters may take more than one). */
export const MAX_LINE = 240;

/** Used when a campaign gives no rules of its own: the first line that can be said in full is taken. */
export const DEFAULT_RULES = [
  "I saw that {{company_name}} is looking for a {{job_title}} in {{city}}.",
  "I saw that {{company_name}} is looking for a {{job_title}}.",
  "{{company_name}} caught my eye as one of the companies in {{city}} that are growing.",
  "{{company_name}} caught my eye.",
].join("\n");

/** The personal first line by rules, one a line: the first whose variables all have a value; null if none. */
export function lineByRules(rules: string, values: Values): string | null {
  const lines = (rules.trim() || DEFAULT_RULES).split("\n").map((line) => line.trim());
  const rule = lines.find((line) => line !== "" && isComplete(line, values));
  return rule === undefined ? null : shorten(render(rule, values));
}

/** At most MAX_LINE characters and 500 bytes, cut at a word. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  let cut = line.slice(0, MAX_LINE);
  while (new TextEncoder().encode(cut).length > 480) cut = cut.slice(0, -1);
  if (cut.length === line.length) return line;
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), 1)).trimEnd()}…`;
}

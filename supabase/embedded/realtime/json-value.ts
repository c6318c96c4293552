import pg from "pg";
import type { JsonForm } from "./column-type.ts";

/**
 * The JSON text that `to_jsonb` gives for a value that Postgres printed (session settings: `SESSION` in
 * replication.ts). Numbers keep all their digits, as they are never turned into ones of JavaScript.
 * Not for the form "database".
 */
export function toJsonText(form: JsonForm, printed: string): string {
  if (typeof form === "object") return arrayToJson(form.elements, printed);
  switch (form) {
    case "boolean":
      return printed === "t" ? "true" : "false";
    case "number":
      // NaN and the infinities are no numbers in JSON.
      return /\d/.test(printed) ? printed : JSON.stringify(printed);
    case "json":
      return printed;
    case "timestamp":
      return `"${printed.replace(" ", "T")}"`;
    case "timestamptz":
      // Always in UTC; "infinity" has neither a blank nor an offset.
      return `"${printed.replace(" ", "T").replace(/\+00\b/, "+00:00")}"`;
    default:
      return JSON.stringify(printed);
  }
}

type Nested = string | null | Nested[];

function arrayToJson(elements: JsonForm, printed: string): string {
  const items: Nested[] = pg.types.arrayParser(printed, (item: string) =>
    toJsonText(elements, item),
  );
  return render(items);
}

function render(value: Nested): string {
  return Array.isArray(value) ? `[${value.map(render)}]` : (value ?? "null");
}

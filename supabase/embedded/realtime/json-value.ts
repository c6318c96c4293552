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
      if (printed === "-0") return "0";
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

const ARRAY_TOKEN = /[{},]|"((?:[^"\\]|\\.)*)"|[^{},"]+/gs;

/** Brackets stay brackets; only the items change. Not for `box[]`, whose items semicolons separate. */
function arrayToJson(elements: JsonForm, printed: string): string {
  // Bounds other than from 1 stand in front: [0:1]={a,b}
  const body = printed.slice(printed.indexOf("{"));
  return body.replace(ARRAY_TOKEN, (token, quoted?: string) => {
    if (token === "{") return "[";
    if (token === "}") return "]";
    if (token === "," || token === "NULL") return token.toLowerCase();
    return toJsonText(elements, quoted?.replaceAll(/\\(.)/gs, "$1") ?? token);
  });
}

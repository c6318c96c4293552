/** Text as it may stand in HTML and XML. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Builds markup: plain values are escaped, markup and lists of it are not. */
export function html(
  strings: TemplateStringsArray,
  ...values: (string | number | Markup | Markup[] | null)[]
): Markup {
  const text = strings.reduce((all, part, index) => all + part + write(values[index] ?? null), "");
  return new Markup(text);
}

/** Markup that needs no escaping any more. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export const nothing: Markup = new Markup("");

function write(value: string | number | Markup | Markup[] | null): string {
  if (value === null) return "";
  if (value instanceof Markup) return value.text;
  return Array.isArray(value)
    ? value.map(({ text }) => text).join("")
    : escapeMarkup(String(value));
}

/** A JSON-LD block; "<" is escaped, so that no text can end the script. */
export function jsonLd(value: unknown): Markup {
  return new Markup(
    `<script type="application/ld+json">${JSON.stringify(value).replace(/</g, "\\u003c")}</script>`,
  );
}

/** What one page has of its own; the site puts its frame around it. */
export interface PageParts {
  title: string;
  body: Markup;
  head?: Markup;
}

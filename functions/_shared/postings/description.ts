import { Parser } from "htmlparser2";
import sanitizeHtml from "sanitize-html";
import { decodeEntities } from "./plain-text.ts";

/** The database keeps at most 200,000 bytes; UTF-8 needs at most 3 bytes a UTF-16 unit. */
const maxCharacters = 60_000;

const policy: sanitizeHtml.IOptions = {
  allowedTags: [
    ..."p br hr div span ul ol li dl dt dd strong b em i u s sub sup code pre blockquote".split(
      " ",
    ),
    ..."h1 h2 h3 h4 h5 h6 a table thead tbody tr th td".split(" "),
  ],
  allowedAttributes: { a: ["href", "rel"] },
  allowedSchemes: ["http", "https", "mailto"],
  allowProtocolRelative: false,
  parseStyleAttributes: false,
  nestingLimit: 40,
  transformTags: { a: sanitizeHtml.simpleTransform("a", { rel: "nofollow noopener noreferrer" }) },
};

const blockTags = new Set(
  "p br hr div ul ol li dl dt dd blockquote pre h1 h2 h3 h4 h5 h6 table tr section article header footer".split(
    " ",
  ),
);
/** Elements after which the next one opens a line by itself. */
const endless = new Set(["br", "hr", "li", "tr"]);
const silentTags = new Set(["script", "style", "template", "noscript", "svg"]);

export type Description = { html: string; text: string };

/**
 * A description fit to store and render. `source` may be HTML, HTML escaped as entities
 * ("&lt;p&gt;", as Greenhouse sends it) or plain text, whose line breaks are kept.
 */
export function describe(source: unknown): Description {
  if (typeof source !== "string" || source.trim() === "") return { html: "", text: "" };
  const markup = asMarkup(source.slice(0, maxCharacters * 2));
  if (markup === null) {
    const text = tidy(decodeEntities(source).slice(0, maxCharacters));
    return { html: textAsHtml(text), text };
  }
  const html = sanitizeHtml(markup.slice(0, maxCharacters), policy).trim();
  return { html, text: htmlToText(html) };
}

/** The source as HTML, or null when it has no tags and is plain text. */
function asMarkup(source: string): string | null {
  let markup = source;
  for (let pass = 0; pass < 2; pass++) {
    if (/<\/?[a-z][a-z\d]*[\s/>]/i.test(markup)) return markup;
    if (!/&(?:amp;)*lt;\/?[a-z]/i.test(markup)) return null;
    markup = decodeEntities(markup);
  }
  return markup;
}

/** The text of HTML, block elements on lines of their own, list items marked by "- ". */
export function htmlToText(html: string): string {
  let text = "";
  let silent = 0;
  const parser = new Parser({
    onopentagname(name) {
      if (silentTags.has(name)) silent++;
      else if (name === "li") text += "\n- ";
      else if (blockTags.has(name)) text += "\n";
    },
    ontext(data) {
      if (silent === 0) text += data.replace(/\s+/g, " ");
    },
    onclosetag(name) {
      if (silentTags.has(name)) silent = Math.max(0, silent - 1);
      else if (name === "th") text += text.trimEnd().endsWith(":") ? " " : ": ";
      else if (name === "td") text += " ";
      else if (blockTags.has(name) && !endless.has(name)) text += "\n";
    },
  });
  parser.end(html);
  return tidy(text);
}

function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function textAsHtml(text: string): string {
  const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return escaped === ""
    ? ""
    : escaped
        .split(/\n{2,}/)
        .map((paragraph) => `<p>${paragraph.replace(/\n/g, "<br />")}</p>`)
        .join("");
}

import { isTag } from "domhandler";
import { canonicalUrl } from "../postings/canonical-url.ts";
import { bodyText } from "./body-text.ts";
import { walk } from "./markup-items.ts";
import { childText, parseXml } from "./xml.ts";

export type Sitemap = { pages: string[]; sitemaps: string[] };

/** A sitemap or an index of them (sitemaps.org), or a plain list of addresses. Throws `UnreadableXml`. */
export function parseSitemap(
  body: Uint8Array,
  from: { url: string; contentType: string | null },
): Sitemap {
  const source = bodyText(body, from.contentType);
  const found: Sitemap = { pages: [], sitemaps: [] };
  if (/^\s*https?:\/\/\S+\s*(\n|$)/.test(source)) {
    for (const line of source.split(/\s+/)) {
      const url = canonicalUrl(line);
      if (url !== null) found.pages.push(url);
    }
    return found;
  }
  walk(parseXml(source), (node) => {
    if (!isTag(node)) return;
    const list =
      node.name === "url" ? found.pages : node.name === "sitemap" ? found.sitemaps : null;
    const url = list === null ? null : canonicalUrl(childText(node, "loc"), from.url);
    if (list !== null && url !== null) list.push(url);
  });
  return found;
}

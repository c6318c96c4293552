import type { Truth } from "../world.ts";
import { html, type Markup } from "./html.ts";
import { STYLESHEET } from "./site-page.ts";

/** The way in: every source to paste, and every company's site. */
export function startPage({ sources, companies, postings }: Truth, url: string): string {
  const inputs = sources.map(({ input }) => input).join("\n");
  const rows: Markup[] = sources.map(
    ({ input, kind, outcome, note, postings: keys }) =>
      html`<tr><td>${input.startsWith("http://") ? html`<a href="${input}">${input}</a>` : input}</td><td>${kind}</td><td>${outcome}</td><td>${keys.length}</td><td>${note}</td></tr>`,
  );
  const sites = companies.map(
    ({ name, website, address }) =>
      html`<tr><td><a href="${website}">${name}</a></td><td>${address?.city ?? ""}</td></tr>`,
  );
  return `<!doctype html>
${
  html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>OTIS practice site</title><style>${STYLESHEET}</style></head>
<body><header class="top"><span class="brand">OTIS practice site</span></header><main style="max-width:70rem">
<h1>A small world to practise on</h1>
<p>${companies.length} made-up companies with ${postings.length} openings, on this machine only. Copy the sources below into a session; <a href="${url}truth.json">truth.json</a> lists what there is to find.</p>
<textarea readonly rows="12" aria-label="All sources" onclick="this.select()">${inputs}</textarea>
<h2>Sources</h2><table><thead><tr><th>Source</th><th>Kind</th><th>Outcome</th><th>Openings</th><th>What is special</th></tr></thead><tbody>${rows}</tbody></table>
<h2>Companies</h2><table><tbody>${sites}</tbody></table></main></body></html>`.text
}`;
}

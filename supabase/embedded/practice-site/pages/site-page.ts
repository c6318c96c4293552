import type { Company } from "../company.ts";
import { contactFooter, contactHead } from "./contact.ts";
import { html, type Markup, nothing, type PageParts } from "./html.ts";
import { WORDS } from "./words.ts";

/** The frame of every page of a company: navigation, its contact footer, and a credit that is not its own. */
export function sitePage(
  company: Company,
  base: string,
  { title, body, head = nothing }: PageParts,
): string {
  const words = WORDS[company.language];
  const { paths } = words;
  const team =
    company.people.length > 0 ? html`<a href="${base}/${paths.team}">${words.team}</a>` : nothing;
  return `<!doctype html>
${
  html`<html lang="${company.language}-${company.country}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === company.name ? `${company.name} | ${company.city}` : `${title} | ${company.name}`}</title>
<meta name="description" content="${company.about}">
<meta property="og:site_name" content="${company.name}">
<link rel="stylesheet" href="${base}/practice.css">
${company.careers === "rss" || company.careers === "atom" ? html`<link rel="alternate" type="application/${company.careers}+xml" title="${words.careers}" href="${base}/feed.xml">` : nothing}
${contactHead(company, base)}
${head}
</head>
<body style="--hue: ${hueOf(company.slug)}">
<header class="top"><a class="brand" href="${base}/">${company.name}</a>
<nav><a href="${base}/${paths.about}">${words.about}</a>${team}<a href="${base}/${paths.careers}">${words.careers}</a><a href="${base}/${paths.contact}">${words.contact}</a></nav></header>
<main>${body}</main>
<footer class="site-footer">${contactFooter(company)}${profiles(company)}
<p><a href="${base}/${paths.imprint}">${words.imprint}</a> © ${company.fullName}</p>
<p class="credit">${words.credit}, studio@pixelfabriek.example, 0900 1234</p></footer>
</body></html>`.text
}`;
}

export function homePage(company: Company, base: string): PageParts {
  const words = WORDS[company.language];
  return {
    title: company.name,
    body: html`<h1>${company.name}</h1><p class="lead">${company.about}</p>
<p>${company.trade}, ${company.city}</p><p><a class="button" href="${base}/${words.paths.careers}">${words.careers}</a></p>`,
  };
}

export function aboutPage(company: Company): PageParts {
  const words = WORDS[company.language];
  return {
    title: words.about,
    body: html`<h1>${words.about}</h1><p>${company.about}</p><p>${words.intro}</p>`,
  };
}

export function teamPage(company: Company): PageParts {
  const words = WORDS[company.language];
  const cards = company.people.map(
    ({ name, role, email }) =>
      html`<article class="person"><h3>${name}</h3><p>${role}</p>${email === null ? nothing : html`<p><a href="mailto:${email}">${email}</a></p>`}</article>`,
  );
  return { title: words.team, body: html`<h1>${words.team}</h1>${cards}` };
}

/** Icons without text, as sites have them. */
function profiles(company: Company): Markup {
  const links = (company.socials ?? []).map((url) => {
    const network = new URL(url).hostname.replace(/^www\./, "").split(".")[0] ?? "";
    return html`<a href="${url}" aria-label="${network}" target="_blank" rel="noopener"><svg width="16" height="16" aria-hidden="true"><title>${network}</title><circle cx="8" cy="8" r="7"/></svg></a>`;
  });
  return links.length === 0 ? nothing : html`<p class="social">${links}</p>`;
}

/** A colour of its own for each site, in degrees. */
function hueOf(text: string): number {
  return Array.from(text).reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 360, 7);
}

export const STYLESHEET = `:root{font-family:system-ui,sans-serif;line-height:1.5;color:#222}
body{margin:0;background:hsl(var(--hue,210) 30% 98%)}header.top{display:flex;gap:2rem;padding:1rem 2rem;background:hsl(var(--hue,210) 45% 30%)}
header.top a{color:#fff;text-decoration:none}header.top nav{display:flex;gap:1.2rem;margin-left:auto}.brand{font-weight:700}
main{max-width:50rem;margin:2rem auto;padding:0 1rem}.lead{font-size:1.2rem}.button{background:hsl(var(--hue,210) 60% 40%);color:#fff;padding:.6rem 1rem;border-radius:.4rem;text-decoration:none}
.job,.person{background:#fff;border:1px solid #ddd;border-radius:.5rem;padding:1rem;margin:1rem 0}footer{padding:2rem;font-size:.9rem;border-top:1px solid #ddd}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}textarea{width:100%;font:13px/1.5 monospace}.credit{color:#888}`;

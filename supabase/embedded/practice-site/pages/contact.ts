import type { Company } from "../company.ts";
import { escapeMarkup, html, jsonLd, Markup, nothing, type PageParts } from "./html.ts";
import { COUNTRY_NAMES, WORDS } from "./words.ts";

/** Structured data in the head of every page, where this is the company's way. */
export function contactHead(company: Company, base: string): Markup {
  if (company.contact !== "json_ld") return nothing;
  return jsonLd({
    "@context": "https://schema.org",
    "@type": "LocalBusiness",
    name: company.name,
    description: company.about,
    url: `${base}/`,
    email: company.emails,
    telephone: company.phones.map(({ e164 }) => e164),
    address: {
      "@type": "PostalAddress",
      streetAddress: company.street,
      postalCode: company.code,
      addressLocality: company.city,
      addressCountry: company.country,
    },
    sameAs: company.socials ?? [],
  });
}

/** What the footer of every page gives away. */
export function contactFooter(company: Company): Markup {
  if (company.contact === "footer") {
    return html`<p>${company.fullName}<br>${company.street}<br>${place(company)}</p><p>${phoneLinks(company)}<br>${mailLinks(company)}</p>`;
  }
  if (company.contact === "microdata") {
    return html`<div itemscope itemtype="https://schema.org/LocalBusiness"><b itemprop="name">${company.name}</b>
<div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><span itemprop="streetAddress">${company.street}</span>, <span itemprop="postalCode">${company.code}</span> <span itemprop="addressLocality">${company.city}</span><meta itemprop="addressCountry" content="${company.country}"></div>
${company.phones.map(({ written, e164 }) => html`<a itemprop="telephone" href="tel:${e164}" content="${e164}">${written}</a> `)}${company.emails.map((email) => html`<a itemprop="email" href="mailto:${email}">${email}</a> `)}</div>`;
  }
  return nothing;
}

/** The contact page: the main place of most companies' details. */
export function contactPage(company: Company): PageParts {
  const words = WORDS[company.language];
  return {
    title: words.contact,
    body: html`<h1>${words.contact}</h1>${details(company)}${form(company)}`,
  };
}

function details(company: Company): Markup {
  const words = WORDS[company.language];
  const where = html`<p>${company.fullName}<br>${company.street}<br>${place(company)}</p>`;
  const calls = company.phones.map(({ written }) => html`<p>${words.phone}: ${written}</p>`);
  switch (company.contact) {
    case "json_ld":
      return html`${where}${calls}${company.emails.map((email) => html`<p>${email}</p>`)}`;
    case "footer":
    case "microdata":
      return html`<p>${words.form}</p>`;
    case "table":
      return html`<table><tr><th>${words.address}</th><td>${company.street}, ${place(company)}</td></tr>${company.phones.map(({ written }) => html`<tr><th>${words.phone}</th><td>${written}</td></tr>`)}${company.emails.map((email) => html`<tr><th>${words.mail}</th><td><a href="mailto:${email}?subject=Website">${email}</a></td></tr>`)}</table>`;
    case "imprint":
      return html`<p><a href="${words.paths.imprint}">${words.imprint}</a></p>`;
    case "cloudflare":
      return html`${where}<p>${phoneLinks(company)}</p>${company.emails.map((email) => html`<p><a href="/cdn-cgi/l/email-protection#${cloudflare(email)}"><span class="__cf_email__" data-cfemail="${cloudflare(email)}">[email protected]</span></a></p>`)}`;
    case "typo3":
      return html`${where}<p>${phoneLinks(company)}</p>${company.emails.map((email) => html`<p><a href="javascript:linkTo_UnCryptMailto('${new Markup(escapeMarkup(typo3(email)))}');">${words.mail}</a></p>`)}`;
    case "spelt_out":
      return html`${where}${calls}${company.emails.map((email) => html`<p>${words.mail}: ${email.replace("@", " [at] ")}</p>`)}`;
    case "form_only":
      return nothing;
  }
}

function form(company: Company): Markup {
  const words = WORDS[company.language];
  return html`<form><p>${words.form}</p><input type="email" placeholder="${words.placeholder}"><button type="button">OK</button></form>`;
}

/** Legal details; German companies give everything here, and other people's details besides. */
export function imprintPage(company: Company): PageParts {
  const words = WORDS[company.language];
  if (company.contact !== "imprint")
    return {
      title: words.imprint,
      body: html`<h1>${words.imprint}</h1><p>${company.fullName}, ${company.city}</p>`,
    };
  const heads = company.people.filter(({ role }) =>
    /^(?:Geschäftsführer|Inhaber|Vorstand)/.test(role),
  );
  return {
    title: words.imprint,
    body: html`<h1>${words.imprint}</h1><h2>Angaben gemäß § 5 DDG</h2><p>${company.fullName}<br>${company.street}<br>${place(company)}<br>${COUNTRY_NAMES[company.country]}</p>
${heads.map(({ name, role }) => html`<p>${role}: ${name}</p>`)}
<p>${company.phones.map(({ written }) => html`Telefon: ${written}<br>`)}${company.fax === undefined ? nothing : html`Telefax: ${company.fax}<br>`}${company.emails.map((email) => html`E-Mail: ${email.replace("@", " (at) ")}<br>`)}</p>
<p>Amtsgericht ${company.city}, HRB ${10_000 + company.slug.length * 137}</p>
<h2>Datenschutzbeauftragter</h2><p>Kanzlei Muster &amp; Partner<br>Beispielallee 5<br>10115 Berlin<br>Telefon: 030 23125 999<br>datenschutz@kanzlei-muster.example</p>
<h2>Streitschlichtung</h2><p>Die Europäische Kommission stellt eine Plattform zur Online-Streitbeilegung bereit.</p>`,
  };
}

function place(company: Company): string {
  return company.country === "GB"
    ? `${company.city}, ${company.code}`
    : `${company.code} ${company.city}`;
}

function phoneLinks(company: Company): Markup[] {
  return company.phones.map(({ written, e164 }) => html`<a href="tel:${e164}">${written}</a> `);
}

function mailLinks(company: Company): Markup[] {
  return company.emails.map((email) => html`<a href="mailto:${email}">${email}</a> `);
}

/** Cloudflare's e-mail protection: the first byte is the key of the others. */
function cloudflare(email: string): string {
  const key = 0x5a;
  return [key, ...Array.from(email, (char) => char.charCodeAt(0) ^ key)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** TYPO3's: every character one place further, round within its range. */
function typo3(email: string): string {
  const ranges: [number, number][] = [
    [0x2b, 0x3a],
    [0x40, 0x5a],
    [0x61, 0x7a],
  ];
  return Array.from(`mailto:${email}`, (char) => {
    const code = char.charCodeAt(0);
    const range = ranges.find(([low, high]) => code >= low && code <= high);
    return range === undefined
      ? char
      : String.fromCharCode(code === range[1] ? range[0] : code + 1);
  }).join("");
}

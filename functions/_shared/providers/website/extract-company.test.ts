import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extractCompany } from "./extract-company.ts";
import { readPage } from "./page.ts";

const page = (body: string, head = "", lang = "nl"): string =>
  `<!doctype html><html lang="${lang}"><head><title>Test</title>${head}</head><body>${body}</body></html>`;

const emails = (html: string, url?: string): string[] =>
  extractCompany(html, url === undefined ? {} : { url }).emails.map(({ address }) => address);
const phones = (html: string, url?: string): string[] =>
  extractCompany(html, url === undefined ? {} : { url })
    .phones.filter(({ kind }) => kind === "phone")
    .map(({ e164 }) => e164);
const address = (html: string): (string | null)[] | null => {
  const found = extractCompany(html).address;
  return found === null ? null : [found.street, found.postalCode, found.city, found.country];
};
const socials = (html: string): string[] => extractCompany(html).socials.map(({ url }) => url);

describe("e-mail addresses", () => {
  it.each([
    [
      "a mailto link with a subject",
      `<a href="mailto:Info@Bakker-Jansen.nl?subject=Hallo">Mail</a>`,
      "info@bakker-jansen.nl",
    ],
    [
      "percent-encoding in a link",
      `<a href="mailto:info%40bakker-jansen.nl">Mail</a>`,
      "info@bakker-jansen.nl",
    ],
    [
      "plain text that runs into the next word",
      `<p>E-mail:<b>info@bakker-jansen.nl</b>Tel: 0492 313050</p>`,
      "info@bakker-jansen.nl",
    ],
    [
      "a label that runs into the address",
      `<div><span>E-mail</span><span>info@bakker-jansen.nl</span></div>`,
      "info@bakker-jansen.nl",
    ],
    ["HTML entities", `<p>&#105;nfo&#64;bakker-jansen&#46;nl</p>`, "info@bakker-jansen.nl"],
    ["[at] and [dot]", `<p>info [at] bakker-jansen [dot] nl</p>`, "info@bakker-jansen.nl"],
    ["(at)", `<p>info(at)bakker-jansen.nl</p>`, "info@bakker-jansen.nl"],
    [
      "a hidden decoy inside",
      `<p>info@<span style="display:none">weg</span>bakker-jansen.nl</p>`,
      "info@bakker-jansen.nl",
    ],
    [
      "TYPO3's protection",
      `<a href="javascript:linkTo_UnCryptMailto('nbjmup+jogpAcblfs.kbotfo/om');">Mail</a>`,
      "info@baker-jansen.nl",
    ],
    [
      "ROT13 in an attribute",
      `<a href="javascript:;" data-enc-email="vasb[at]onxxre-wnafra.ay">Mail</a>`,
      "info@bakker-jansen.nl",
    ],
    [
      "a link put together from attributes",
      `<a href="#" data-user="info" data-domain="bakker-jansen.nl">Mail</a>`,
      "info@bakker-jansen.nl",
    ],
    [
      "a script that writes it",
      `<script>document.write('<a href="mailto:' + 'info' + '&#64;' + 'bakker-jansen.nl' + '">')</script>`,
      "info@bakker-jansen.nl",
    ],
    [
      "JSON-LD",
      `<script type="application/ld+json">{"@type":"Bakery","name":"Jansen","email":"mailto:info@bakker-jansen.nl"}</script>`,
      "info@bakker-jansen.nl",
    ],
    [
      "microdata",
      `<div itemscope itemtype="https://schema.org/Bakery"><b itemprop="name">Jansen</b><meta itemprop="email" content="info@bakker-jansen.nl"></div>`,
      "info@bakker-jansen.nl",
    ],
  ])("are read from %s", (_, body, expected) => {
    expect(emails(page(body))).toEqual([expected]);
  });

  it("decodes Cloudflare's protection in text and in links", () => {
    const hex = (text: string, key = 0x42): string =>
      [key, ...Array.from(text, (char) => char.charCodeAt(0) ^ key)]
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join("");
    const code = hex("info@bakker-jansen.nl");
    expect(
      emails(page(`<span class="__cf_email__" data-cfemail="${code}">[email protected]</span>`)),
    ).toEqual(["info@bakker-jansen.nl"]);
    expect(emails(page(`<a href="/cdn-cgi/l/email-protection#${code}">Mail ons</a>`))).toEqual([
      "info@bakker-jansen.nl",
    ]);
  });

  it.each([
    ["a comment", "<!-- info@bakker-jansen.nl -->"],
    ["a form's placeholder", `<input placeholder="naam@bedrijf.nl">`],
    ["an example in the text", "<p>bijvoorbeeld jan@voorbeeld.nl of name@example.com</p>"],
    ["an image's name", "<p>logo@2x.png</p>"],
    ["a script's package", "<p>jquery@3.6.0</p>"],
    ["an error reporter's key", "<p>0123456789abcdef0123456789abcdef@o12345.ingest.sentry.io</p>"],
    ["a handle", "<p>Volg @bakker@mastodon.social</p>"],
    ["an unfilled link", `<a href="mailto:[…]">[E-Mail einfügen]</a>`],
    ["a mail box that only sends", "<p>noreply@bakker-jansen.nl</p>"],
    ["the agency's credit", "<footer>Website door Studio Pixel, hallo@studiopixel.nl</footer>"],
    [
      "the supervisory authority",
      "<h3>Autoriteit Persoonsgegevens</h3><p>info@autoriteitpersoonsgegevens.nl</p>",
    ],
    ["a hidden element", `<a style="display:none" href="mailto:val@bakker-jansen.nl">x</a>`],
  ])("are not taken from %s", (_, body) => {
    const found = emails(page(body));
    expect(found).toEqual([]);
  });

  it("are what a link shows, where its target says otherwise", () => {
    expect(emails(page(`<a href="mailto:info@sjabloon.nl">info@bakker-jansen.nl</a>`))).toEqual([
      "info@bakker-jansen.nl",
    ]);
  });

  it("count most on the site's own domain, and a reserved domain counts only there", () => {
    const html = page("<p>info@bakker.localhost en info@ander.localhost</p>");
    expect(emails(html, "http://bakker.localhost:8080/")).toEqual(["info@bakker.localhost"]);
  });
});

describe("phone numbers", () => {
  it.each([
    ["a Dutch number with its label", `<p>Tel. 0492 - 31 30 50</p>`, "nl", "+31492313050"],
    ["a full stop right before the number", `<p>Tel.0492-313050</p>`, "nl", "+31492313050"],
    [
      "an international number with a trunk zero",
      `<p>+31 (0)492 31 30 50</p>`,
      "nl",
      "+31492313050",
    ],
    ["a German number with a slash", `<p>Telefon: 0941 / 59 55 80</p>`, "de", "+49941595580"],
    ["a Belgian number with dots", `<p>Gsm 0475/95.46.81</p>`, "nl-BE", "+32475954681"],
    ["a North American number", `<p>(212) 736-5000</p>`, "en-US", "+12127365000"],
    [
      "a label in the cell before",
      `<table><tr><td>Telefoon</td><td>0492 31 30 50</td></tr></table>`,
      "nl",
      "+31492313050",
    ],
    [
      "a label on the line before",
      `<dl><dt>Telefoon</dt><dd>0492 31 30 50</dd></dl>`,
      "nl",
      "+31492313050",
    ],
    [
      "a label that only CSS keeps apart",
      `<p><span>Tel</span><span>0492 31 30 50</span></p>`,
      "nl",
      "+31492313050",
    ],
    ["a tel link", `<a href="tel:+31-492-313050">Bel ons</a>`, "nl", "+31492313050"],
    [
      "a tel link whose text differs: the text wins",
      `<a href="tel:+31612345678">0492 31 30 50</a>`,
      "nl",
      "+31492313050",
    ],
    [
      "a link cut up by an editor",
      `<a href="tel:+31492313050">0492-31</a><a href="tel:+31492313050">3050</a>`,
      "nl",
      "+31492313050",
    ],
    [
      "a switchboard with its extension",
      `<a href="tel:+49941595580">0941 59 55 80-0</a>`,
      "de",
      "+49941595580",
    ],
  ])("are read from %s", (_, body, lang, expected) => {
    expect(phones(page(body, "", lang))).toEqual([expected]);
  });

  it("keep their label and country through a list", () => {
    expect(
      phones(page("<p>Tel: +31 492 313050, 0492 313051 of 0492 313052</p>", "", "en")),
    ).toEqual(["+31492313050", "+31492313051", "+31492313052"]);
  });

  it("are told apart from fax numbers", () => {
    const found = extractCompany(page("<p>T 0492 313050 F 0492 313051</p>")).phones;
    expect(found.map(({ e164, kind }) => [e164, kind])).toEqual([
      ["+31492313050", "phone"],
      ["+31492313051", "fax"],
    ]);
  });

  it.each([
    ["a house number and a postal code", "<p>Mont-Cenis-Straße 444 44627 Herne</p>", "de"],
    ["a register number", "<p>KvK: 09094924, BTW NL005380198B12</p>", "nl"],
    ["a Belgian enterprise number", "<p>Ondernemingsnummer BE 0475.954.681</p>", "nl-BE"],
    ["a bank account", "<p>IBAN NL91 ABNA 0417 1643 00</p>", "nl"],
    ["a date and opening hours", "<p>Op 01.02.2024 van 08.00 - 17.00</p>", "de"],
    ["a big number in the text", "<p>z-index: 2147483644</p>", "en"],
    ["a template's number", "<p>Tel. 06-12345678</p>", "nl"],
    ["an identifier in a word", "<p>GTM-0492313050 en x0492313050</p>", "nl"],
    ["the agency's number", "<footer>Webdesign by Studio Pixel 0492 313050</footer>", "nl"],
  ])("are not taken from %s", (_, body, lang) => {
    expect(phones(page(body, "", lang))).toEqual([]);
  });
});

describe("the address", () => {
  it.each([
    [
      "street and city on two lines",
      "<p>Kraanspoor 50<br>1033SE Amsterdam</p>",
      "nl",
      ["Kraanspoor 50", "1033 SE", "Amsterdam", "NL"],
    ],
    [
      "a sentence",
      "<p>Wij zijn gevestigd op Akerdijk 12, 1175 LE Lijnden.</p>",
      "nl",
      ["Akerdijk 12", "1175 LE", "Lijnden", "NL"],
    ],
    [
      "a line with labels around it",
      "<p>Adresse: Mont-Cenis-Straße 444, 44627 Herne Telefon: 02323 123</p>",
      "de",
      ["Mont-Cenis-Straße 444", "44627", "Herne", "DE"],
    ],
    [
      "a Belgian box number",
      "<p>Gerzevien 25 bus 3 - 3150 Haacht, België</p>",
      "nl-BE",
      ["Gerzevien 25 bus 3", "3150", "Haacht", "BE"],
    ],
    [
      "a British address",
      "<p>12 High Street, London, SW1A 1AA</p>",
      "en-GB",
      ["12 High Street", "SW1A 1AA", "London", "GB"],
    ],
    [
      "a North American address",
      "<p>1600 Amphitheatre Parkway, Mountain View, CA 94043</p>",
      "en",
      ["1600 Amphitheatre Parkway", "94043", "Mountain View", "US"],
    ],
    [
      "a country's prefix",
      "<p>Schwedenplatz 2<br>A-1010 Wien</p>",
      "de",
      ["Schwedenplatz 2", "1010", "Wien", "AT"],
    ],
    [
      "a map link",
      `<a href="https://www.google.com/maps/dir//Akerdijk+12,+1175+LE+Lijnden/@52.35,4.67,12z">Route</a>`,
      "nl",
      ["Akerdijk 12", "1175 LE", "Lijnden", "NL"],
    ],
    [
      "JSON-LD",
      `<script type="application/ld+json">{"@graph":[{"@type":["Bakery"],"name":"X","address":{"streetAddress":"Markt 1","postalCode":"5701 RH","addressLocality":"Helmond","addressCountry":{"@type":"Country","name":"Nederland"}}}]}</script>`,
      "nl",
      ["Markt 1", "5701 RH", "Helmond", "NL"],
    ],
  ])("is read from %s", (_, body, lang, expected) => {
    expect(address(page(body, "", lang))).toEqual(expected);
  });

  it("without a postal code needs a city that the page names elsewhere", () => {
    expect(address(page("<footer>It Spyk 11, Burdaard</footer>", "", "nl"))).toBeNull();
    expect(address(page("<h1>Glas in Burdaard</h1><footer>It Spyk 11, Burdaard</footer>"))).toEqual(
      ["It Spyk 11", null, "Burdaard", "NL"],
    );
  });

  it.each([
    ["a year before a capital", "<p>© 2020 MB Corporation</p>"],
    ["a template", "<p>Musterstraße 1<br>12345 Musterstadt</p>"],
    [
      "a section on the authority",
      "<h3>Aufsichtsbehörde</h3><p>Littenstraße 9<br>10179 Berlin</p>",
    ],
    [
      "a city alone",
      `<script type="application/ld+json">{"@type":"Bakery","name":"X","address":{"addressLocality":"Helmond"}}</script>`,
    ],
  ])("is not taken from %s", (_, body) => {
    expect(address(page(body, "", "de"))).toBeNull();
  });
});

describe("social profiles", () => {
  it("are brought into one form, one a network", () => {
    const html = page(`<footer>
      <a href="https://m.facebook.com/BakkerJansen/?ref=x" aria-label="Facebook"></a>
      <a href="//www.linkedin.com/company/bakker-jansen/" title="LinkedIn"></a>
      <a href="https://x.com/bakkerjansen">X</a><a href="https://twitter.com/bakkerjansen">Twitter</a></footer>`);
    expect(socials(html)).toEqual([
      "https://www.facebook.com/BakkerJansen",
      "https://www.linkedin.com/company/bakker-jansen",
      "https://twitter.com/bakkerjansen",
    ]);
  });

  it.each([
    "https://www.facebook.com/",
    "https://www.facebook.com/sharer/sharer.php?u=https://x.nl",
    "https://twitter.com/intent/tweet?text=x",
    "https://twitter.com/iemand/status/1248088743002677248",
    "https://www.linkedin.com/in/jan-jansen",
    "https://www.linkedin.com/shareArticle?url=x",
    "https://www.instagram.com/p/Cabc123/",
    "https://www.youtube.com/watch?v=abc",
    "https://www.facebook.com/wordpress",
    "https://github.com/org/repository",
  ])("are not taken from %s", (href) => {
    expect(socials(page(`<footer class="social"><a href="${href}">Facebook</a></footer>`))).toEqual(
      [],
    );
  });

  it("in running text belong to whoever the text is about", () => {
    expect(
      socials(
        page(
          `<main><p>Lees <a href="https://twitter.com/eenander">deze draad</a> van een collega.</p></main>`,
        ),
      ),
    ).toEqual([]);
  });
});

describe("people", () => {
  it("are read from the imprint, from cards and from JSON-LD", () => {
    const html = page(`<p>Geschäftsführer: Anna Weber und Dr. Jan de Vries</p>
      <div><h3>Sofie Peeters</h3><p>HR-manager</p><a href="mailto:s.peeters@bakker-jansen.nl">mail</a></div>
      <script type="application/ld+json">{"@type":"Bakery","name":"Jansen","founder":{"@type":"Person","name":"Piet Jansen"}}</script>`);
    expect(extractCompany(html).people.map(({ name, role, email }) => [name, role, email])).toEqual(
      [
        ["Piet Jansen", "founder", null],
        ["Anna Weber", "Geschäftsführer", null],
        ["Jan de Vries", "Geschäftsführer", null],
        ["Sofie Peeters", "HR-manager", "s.peeters@bakker-jansen.nl"],
      ],
    );
  });
});

describe("name, description, technologies, pages", () => {
  it("prefers what the page declares to what the title says", () => {
    const html = page(
      "",
      `<meta property="og:site_name" content="Bakkerij Jansen"><meta name="generator" content="WordPress 6.5"><meta name="description" content="Brood en gebak uit Helmond, al drie generaties.">`,
    );
    const company = extractCompany(html);
    expect(company.name?.value).toBe("Bakkerij Jansen");
    expect(company.description?.value).toBe("Brood en gebak uit Helmond, al drie generaties.");
    expect(company.technologies.map(({ value }) => value)).toEqual(["WordPress"]);
  });

  it("does not take a template's unfilled fields", () => {
    const html = page(
      "",
      `<meta property="og:site_name" content="---project name---"><meta name="description" content="---site description---">`,
    );
    expect(extractCompany(html).description).toBeNull();
  });

  it("names the pages of the same site that are worth reading next", () => {
    const html = page(
      `<a href="/contact/">Contact</a><a href="/contact/#form">Formulier contact</a><a href="https://elders.nl/contact">Contact</a><a href="over-ons.html">Over ons</a>`,
    );
    expect(extractCompany(html, { url: "https://jansen.nl/" }).pages).toEqual([
      { kind: "contact", url: "https://jansen.nl/contact/" },
      { kind: "about", url: "https://jansen.nl/over-ons.html" },
    ]);
  });
});

it("reads any text without throwing", () => {
  const fragment = fc.constantFrom(
    "<p>",
    "</div>",
    "<a href='mailto:",
    "info@x.nl",
    "+31 (0)",
    "<script type='application/ld+json'>",
    '{"@type":',
    "\uFEFF",
    "06 12",
    "5701 RH ",
    "<![CDATA[",
    "&#64;",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(fragment, fc.string()), { maxLength: 30 }), (parts) => {
      extractCompany(parts.join(""), { url: "https://x.nl/" });
    }),
    { numRuns: 300 },
  );
});

it("reads pages that are nested without end, and long ones in time that grows with their length", () => {
  expect(emails(`${"<div>".repeat(50_000)}info@x.nl`)).toEqual([]);
  expect(
    extractCompany(`<script type="application/ld+json">${"[".repeat(50_000)}</script>`).emails,
  ).toEqual([]);
  expect(
    extractCompany(
      `<script type="application/ld+json">${"[".repeat(20_000)}${"]".repeat(20_000)}</script>`,
    ).emails,
  ).toEqual([]);
  // Table cells and bold words of one line, whose beginnings and ends are looked at again and again.
  for (const piece of ["<th>a", "<b>a</b>"]) {
    const { lines } = readPage(`<table><tr>${piece.repeat(50_000)}`);
    expect(Math.max(...lines.map(({ text }) => text.length))).toBeLessThan(11_000);
  }
  for (const piece of [
    "a",
    "0 ",
    "(",
    "a@",
    "-",
    "Straße 1 ",
    "+31 ",
    "| ",
    "© 2020 ",
    "Tel ",
    "[at]",
  ]) {
    extractCompany(`<p>${piece.repeat(200_000 / piece.length)}</p>`);
  }
});

import type { Email, Found, Method } from "./found.ts";
import {
  decodeCloudflareEmail,
  decodePercent,
  decodeTypo3Mailto,
  joinScriptStrings,
  spellOut,
} from "./obfuscation.ts";
import type { Link, Page } from "./page.ts";
import { hasPublicSuffix, registrableDomain } from "./site.ts";
import { type Organisation, texts, things } from "./structured-data.ts";

/** Letters may carry accents on the left; a leading @ or / is a handle or a path, not an address. */
const ADDRESS =
  /(?<![\w@/.+%-])[\p{L}\d](?:[\p{L}\d._%+'&-]{0,62}[\p{L}\d_+-])?@(?:[\p{L}\d](?:[\p{L}\d-]{0,61}[\p{L}\d])?\.)+\p{L}{2,24}/giu;

const FILE_NAME =
  /\.(?:png|jpe?g|gif|svg|webp|avif|ico|css|js|mjs|json|woff2?|mp4|webm|pdf|zip|html?|php)$/i;

/** Domains that templates, forms and error reporters write; nobody reads mail there. */
const PLACEHOLDER_DOMAIN =
  /^(?:.*\.)?(?:example\d?|voorbeeld|beispiel|exemple|muster(?:firma|mann)?|mustermann|domain|domein|yourdomain|your-domain|deinedomain|ihredomain|jouwdomein|uwdomein|mijndomein|mydomain|yoursite|yourwebsite|your-?company|yourcompany|mysite|mywebsite|mijnbedrijf|jouwbedrijf|uwbedrijf|deinefirma|ihrefirma|company|bedrijf|firma|website|site|test|email|e-mail|mail|internet|acme|address|emailaddress|placeholder|lorem|ipsum|doe|wixpress|sentry|ingest\.sentry|demolink|templatemonster|themeforest|envato|domeinnaam)\.\p{L}{2,12}(?:\.\p{L}{2,3})?$/iu;

const PLACEHOLDER_LOCAL =
  /^(?:your?[._-]?(?:e?mail|name|address)?|(?:jouw|uw|deine?|ihre?|votre)[._-]?(?:e?mail|naam|name|adresse?)?|e-?mail[._-]?adres?se?|user(?:name)?|voornaam[._-]?(?:achternaam)?|vorname[._-]?(?:nachname)?|first[._-]?name[._-]?(?:last[._-]?name)?|name|naam|max[._-]?mustermann|erika[._-]?mustermann|m?[._-]?mustermann|john[._-]?(?:doe|smith)|jane[._-]?doe|jan[._-]?modaal|example|voorbeeld|beispiel|placeholder|xxx+|abc|foo|bar|lorem|someone|somebody|iemand|jemand)$/iu;

/** Mail boxes that send only. */
const SENDS_ONLY =
  /^(?:no[._-]?reply|do[._-]?not[._-]?reply|donotreply|mailer-daemon|bounces?|wordpress)$/i;

/** Hexadecimal keys of error reporters, as in Sentry's DSN. */
const KEY_LIKE = /^[0-9a-f]{20,}$/i;

/** Mail providers for everybody: an address there may well be a small company's own. */
const FREE_MAIL =
  /^(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|icloud|me|gmx|web|t-online|freenet|arcor|aol|kpnmail|ziggo|hetnet|planet|xs4all|home|upcmail|telenet|skynet|proximus|scarlet|bluewin|orange|wanadoo|free|laposte|protonmail|proton|posteo|online)\.[a-z.]{2,6}$|^mail\.(?:de|ru)$/i;

interface Candidate {
  written: string;
  method: Method;
  /** True where the surroundings speak of an agency, an authority or another third party. */
  foreign: boolean;
}

/**
 * Finds the company's mail addresses. Placeholders, image names, keys, send-only boxes and addresses of
 * third parties are left out. An address on one of `own` (the site's domains) counts most.
 */
export function extractEmails(
  page: Page,
  organisations: Organisation[],
  own: Set<string>,
  thirdParties: number[],
): Found<Email>[] {
  const best = new Map<string, Found<Email>>();
  for (const candidate of candidates(page, organisations, thirdParties)) {
    const address = accept(candidate.written, own);
    if (address === null) continue;
    const confidence = confidenceOf(address, candidate, own);
    if (confidence === 0) continue;
    const before = best.get(address);
    if (before === undefined || before.confidence < confidence) {
      best.set(address, {
        address,
        written: candidate.written,
        confidence,
        method: candidate.method,
      });
    }
  }
  return [...best.values()];
}

function* candidates(
  page: Page,
  organisations: Organisation[],
  thirdParties: number[],
): Generator<Candidate> {
  for (const { thing, method } of organisations) {
    for (const node of [thing, ...things(thing, "contactPoint"), ...things(thing, "location")]) {
      for (const written of texts(node, "email")) {
        yield { written: written.replace(/^mailto:/i, ""), method, foreign: false };
      }
    }
  }
  for (const link of page.links) {
    const foreign = isForeign(
      thirdParties,
      link.line,
      page.lines[link.line]?.text.indexOf(link.text) ?? 0,
    );
    for (const written of addressesOf(link)) yield { written, method: "mailto", foreign };
  }
  for (const [index, line] of page.lines.entries()) {
    for (const match of spellOut(line.text).matchAll(ADDRESS)) {
      yield {
        written: match[0],
        method: "text",
        foreign: isForeign(thirdParties, index, match.index),
      };
    }
  }
  for (const script of page.scripts) {
    for (const [written] of joinScriptStrings(script).matchAll(ADDRESS)) {
      yield { written, method: "script", foreign: false };
    }
  }
}

function isForeign(thirdParties: number[], line: number, position: number): boolean {
  return Math.max(position, 0) >= (thirdParties[line] ?? Number.POSITIVE_INFINITY);
}

/** What a link mails to; nothing if it shows another address: then its target is a template's leftover. */
function addressesOf({ href, text }: Link): string[] {
  const hidden = linkedAddresses(href);
  const shown = (spellOut(text).match(ADDRESS) ?? []).map((address) => address.toLowerCase());
  return shown.length === 0
    ? hidden
    : hidden.filter((address) => shown.includes(address.toLowerCase()));
}

/** Addresses in a link, whichever way it hides them. */
function linkedAddresses(href: string): string[] {
  const cloudflare = /email-protection#([0-9a-f]+)/i.exec(href)?.[1];
  if (cloudflare !== undefined) return [decodeCloudflareEmail(cloudflare) ?? ""];
  const typo3 = decodeTypo3Mailto(href);
  const target =
    typo3 ?? (/^\s*mailto:/i.test(href) ? href.replace(/^\s*mailto:(?:\/\/)?/i, "") : null);
  if (target === null) return [];
  const [recipients = ""] = target.split("?");
  return spellOut(decodePercent(recipients)).match(ADDRESS) ?? [];
}

/** The normalised address if it can be somebody's, else null. */
export function accept(written: string, own: Set<string>): string | null {
  let text = written.trim().replace(/[.,;:]+$/, "");
  const at = text.lastIndexOf("@");
  if (at < 1) return null;
  // "info@x.deTel": what comes after the suffix belongs to the next word.
  const glued = /^(.*@.*\.\p{Ll}{2,6})\p{Lu}[\p{L}]*$/u.exec(text);
  if (glued?.[1] !== undefined && !hasPublicSuffix(text.slice(at + 1))) text = glued[1];
  const address = text.toLowerCase();
  const local = address.slice(0, at);
  const host = address.slice(at + 1);
  if (FILE_NAME.test(host) || KEY_LIKE.test(local) || SENDS_ONLY.test(local)) return null;
  if (PLACEHOLDER_LOCAL.test(local)) return null;
  const domain = registrableDomain(host);
  if (domain === null) return null;
  const isOwn = own.has(domain);
  if (!isOwn && !FREE_MAIL.test(domain) && PLACEHOLDER_DOMAIN.test(host)) return null;
  return isOwn || hasPublicSuffix(host) ? address : null;
}

function confidenceOf(address: string, { method, foreign }: Candidate, own: Set<string>): number {
  const domain = registrableDomain(address.slice(address.lastIndexOf("@") + 1)) ?? "";
  const formal = method === "json_ld" || method === "microdata" || method === "mailto";
  if (own.has(domain)) return formal ? 0.98 : 0.95;
  if (foreign) return 0;
  if (FREE_MAIL.test(domain)) return formal ? 0.9 : 0.85;
  if (method === "script") return 0.6;
  return formal ? 0.85 : 0.8;
}

/** Whether anybody can have an address at the domain. */
export function isFreeMail(domain: string): boolean {
  return FREE_MAIL.test(domain);
}

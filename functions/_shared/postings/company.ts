import { getDomain, getDomainWithoutSuffix } from "tldts";
import { canonicalUrl, webUrl } from "./canonical-url.ts";
import { cleanLine, fold } from "./plain-text.ts";
import type { PostingCompany } from "./posting.ts";

/** Sites that host pages of many companies: their domain is nobody's own. */
const sharedDomains = new Set(
  (
    "linkedin.com facebook.com instagram.com twitter.com x.com youtube.com tiktok.com xing.com github.com github.io gitlab.io medium.com wikipedia.org crunchbase.com " +
    "glassdoor.com indeed.com stepstone.de monster.com ziprecruiter.com weworkremotely.com kununu.com google.com goo.gl bit.ly linktr.ee notion.site notion.so " +
    "greenhouse.io lever.co ashbyhq.com recruitee.com personio.de personio.com smartrecruiters.com workable.com myworkdayjobs.com bamboohr.com teamtailor.com breezy.hr jobvite.com icims.com softgarden.io join.com loxo.co base44.app wixsite.com wordpress.com blogspot.com netlify.app vercel.app herokuapp.com pages.dev web.app"
  ).split(" "),
);

/** Registrable domain of a URL, host or e-mail domain ("acme.co.uk"); null for IPs and shared sites. */
export function registrableDomain(value: unknown): string | null {
  if (typeof value !== "string" || value.length > 2000) return null;
  const domain = getDomain(value.trim(), { allowPrivateDomains: false });
  return domain === null || sharedDomains.has(domain) ? null : domain;
}

/** Legal forms that do not tell companies apart. */
const legalForms =
  /\s+(inc|incorporated|llc|llp|lp|ltd|limited|plc|corp|corporation|co|company|gmbh|mbh|ag|kg|kgaa|ohg|ug|se|eg|ev|e v|gbr|co kg|bv|b v|nv|n v|vof|sa|s a|sas|sasu|sarl|s a r l|eurl|srl|s r l|spa|s p a|sl|s l|slu|oy|oyj|ab|as|a s|asa|aps|sp z o o|sp zoo|z o o|s r o|sro|a s|kft|zrt|doo|d o o|pty|pvt|private|pte|holding|group|haftungsbeschrankt)$/;

/**
 * What two spellings of one company have in common: folded, without legal forms ("ACME Inc." and
 * "Acme" are equal). Falls back to the folded name when nothing else is left.
 */
export function companyKey(name: string): string {
  const folded = fold(name.replace(/&/g, " and "));
  let key = folded.replace(/^the\s+/, "");
  for (let shorter = key.replace(legalForms, ""); shorter !== key; ) {
    if (shorter === "") break;
    key = shorter;
    shorter = key.replace(legalForms, "").replace(/\s+and$/, "");
  }
  return (key || folded).replaceAll(" ", "");
}

/** "acme" of "careers.acme.co.uk": how a company is called when only its domain is known. */
export function domainLabel(domain: string): string {
  return getDomainWithoutSuffix(domain) ?? domain.split(".")[0] ?? domain;
}

/**
 * Whether a company of this name may well own this domain: "Rupieper Tiefbau" is
 * rupieper-tiefbau.de, "Wallpraxis Winsen" is wallpraxis.de.
 */
export function isNamedAfter(name: string, domain: string): boolean {
  const key = companyKey(name);
  const label = fold(domainLabel(domain)).replaceAll(" ", "");
  return label.length > 2 && (key.startsWith(label) || (key.length > 3 && label.startsWith(key)));
}

/** "acme-robotics" → "Acme Robotics": a readable name out of a board's token. */
export function nameFromToken(token: string): string {
  return decodeURIComponentSafely(token)
    .split(/[-_.\s]+/)
    .filter((word) => word !== "")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export type CompanyDraft = { name?: unknown; url?: unknown; domain?: unknown; logoUrl?: unknown };

export function readCompany(draft: CompanyDraft, base: string | null): PostingCompany {
  const url = companyUrl(draft.url, base);
  const given = typeof draft.domain === "string" ? draft.domain : url;
  return {
    name: cleanLine(draft.name, 200),
    domain: given === null ? null : registrableDomain(given),
    url,
    logoUrl: webUrl(draft.logoUrl, base),
  };
}

/** People write "www.acme.com" for a URL. */
function companyUrl(value: unknown, base: string | null): string | null {
  if (typeof value !== "string") return null;
  const text = value.trim();
  return /^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(text)
    ? canonicalUrl(`https://${text}`)
    : canonicalUrl(text, base);
}

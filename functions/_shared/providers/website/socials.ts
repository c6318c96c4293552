import type { Found, Method, Network, Social } from "./found.ts";
import { decodePercent } from "./obfuscation.ts";
import { type Page, parseUrl } from "./page.ts";
import { type Organisation, texts } from "./structured-data.ts";

interface Pattern {
  network: Network;
  host: RegExp;
  /** Path of a profile; the handle is the first group. */
  profile: RegExp;
  /** Canonical address of a handle's profile. */
  home: (path: string) => string;
}

const PATTERNS: Pattern[] = [
  {
    network: "linkedin",
    host: /(?:^|\.)linkedin\.com$/,
    profile: /^\/((?:company|school|showcase|company-beta)\/[^/]+)/,
    home: (path) => `https://www.linkedin.com/${path}`,
  },
  {
    network: "facebook",
    host: /(?:^|\.)(?:facebook|fb)\.com$|^fb\.me$/,
    profile:
      /^\/((?:pages\/[^/]+\/\d+|pg\/[^/]+|people\/[^/]+\/\d+|p\/[^/]+|profile\.php\?id=\d+|[^/?]+))/,
    home: (path) => `https://www.facebook.com/${path}`,
  },
  {
    network: "instagram",
    host: /(?:^|\.)instagram\.com$|^instagr\.am$/,
    profile: /^\/([\w.]+)\/?(?:$|\?)/,
    home: (path) => `https://www.instagram.com/${path}`,
  },
  {
    network: "twitter",
    host: /^(?:www\.|mobile\.)?(?:twitter|x)\.com$/,
    profile: /^\/(?:#!\/)?@?(\w{1,20})\/?(?:$|\?)/,
    home: (path) => `https://twitter.com/${path}`,
  },
  {
    network: "youtube",
    host: /(?:^|\.)youtube\.com$/,
    profile:
      /^\/((?:@[^/?]+|(?:user|channel|c)\/[^/?]+|[A-Za-z][\w-]{2,})(?=\/?(?:$|\?|\/(?:featured|about|videos)?$)))/,
    home: (path) => `https://www.youtube.com/${path}`,
  },
  {
    network: "tiktok",
    host: /(?:^|\.)tiktok\.com$/,
    profile: /^\/(@[\w.-]+)\/?(?:$|\?)/,
    home: (path) => `https://www.tiktok.com/${path}`,
  },
  {
    network: "xing",
    host: /(?:^|\.)xing\.com$/,
    profile: /^\/((?:companies|pages|company)\/[^/?]+)/,
    home: (path) => `https://www.xing.com/${path}`,
  },
  {
    network: "pinterest",
    host: /(?:^|\.)pinterest\.(?:com|de|nl|fr|co\.uk|at|ch|be)$/,
    profile: /^\/(\w[\w-]+)\/?(?:$|\?)/,
    home: (path) => `https://www.pinterest.com/${path}`,
  },
  {
    network: "github",
    host: /^(?:www\.)?github\.com$/,
    profile: /^\/([\w-]+)\/?(?:$|\?)/,
    home: (path) => `https://github.com/${path}`,
  },
  {
    network: "vimeo",
    host: /^(?:www\.)?vimeo\.com$/,
    profile: /^\/((?!\d+(?:$|\/))[\w-]+)\/?(?:$|\?)/,
    home: (path) => `https://vimeo.com/${path}`,
  },
  {
    network: "threads",
    host: /^(?:www\.)?threads\.(?:net|com)$/,
    profile: /^\/(@[\w.]+)\/?(?:$|\?)/,
    home: (path) => `https://www.threads.net/${path}`,
  },
  {
    network: "bluesky",
    host: /^(?:www\.)?bsky\.app$/,
    profile: /^\/(profile\/[\w.:-]+)\/?(?:$|\?)/,
    home: (path) => `https://bsky.app/${path}`,
  },
];

/** Paths that are functions of the network, and profiles of the makers of themes and site builders. */
const NOT_A_PROFILE =
  /^(?:sharer?(?:\.php)?|share|intent|dialog|plugins|tr|login|signup|home|search|hashtag|explore|watch|embed|results|playlist|feed|about|legal|privacy|policies?|policy|terms|help|settings|i|p|pin|reels?|stories|tv|groups|events|photo(?:\.php)?|photos|video(?:s)?|posts?|status|statuses|l\.php|v\d+\.\d+|business|ads|marketplace|sponsors|features|pricing|topics|orgs|download|apps|gaming|live|shorts|redirect|user|channel|c|company|public|people|profile(?:\.php)?|pages|pg|yourpage|your-?(?:page|profile|username|handle|company)|username|profile-?name|page-?name|example|template|#|wordpress|wordpressdotcom|wordpresscom|wix|wixcom|squarespace|webflow|shopify|elementor|jimdo|jimdo_de|weebly|godaddy|envato|themeforest|elegantthemes|getbootstrap|twbootstrap|bootstrap|google|facebook|facebookapp|meta|instagram|twitter|x|youtube|linkedin|tiktok|pinterest|github|vimeo)$/i;

interface Candidate {
  url: string;
  network: Network;
  handle: string;
  weight: number;
  method: Method;
}

/**
 * Finds the company's profiles, one a network: what the structured data name, else the link that most looks
 * like the company's own (place, label, likeness of its handle to `names`). Share buttons, posts and
 * bare home pages are no profiles.
 */
export function extractSocials(
  page: Page,
  organisations: Organisation[],
  names: string[],
): Found<Social>[] {
  const best = new Map<Network, Candidate>();
  const tally = new Map<string, Candidate>();
  for (const candidate of candidates(page, organisations)) {
    const key = `${candidate.network}:${candidate.handle.toLowerCase().replace(/^.*\//, "")}`;
    const known = tally.get(key);
    // Every further sighting adds a little; the strongest one counts in full.
    if (known === undefined)
      tally.set(key, {
        ...candidate,
        weight: candidate.weight + likeness(candidate.handle, names),
      });
    else known.weight += 0.1;
  }
  for (const candidate of tally.values()) {
    const known = best.get(candidate.network);
    if (candidate.weight >= 0.5 && (known === undefined || candidate.weight > known.weight))
      best.set(candidate.network, candidate);
  }
  return [...best.values()].map(({ network, url, weight, method }) => ({
    network,
    url,
    confidence: Math.min(0.98, 0.6 + weight * 0.2),
    method,
  }));
}

function* candidates(page: Page, organisations: Organisation[]): Generator<Candidate> {
  for (const link of page.links) {
    const profile = readProfile(link.href);
    if (profile === null) continue;
    const social = /social|follow|volg|folg|soziale|connect|netwerk|netzwerk/.test(link.hints);
    const named = link.text.length < 40 && link.text.toLowerCase().includes(profile.network);
    const bare = link.text === "" || link.text.length <= 2;
    const weight =
      (social ? 1 : 0) + (link.region === "body" ? 0 : 0.8) + (named ? 0.6 : 0) + (bare ? 0.5 : 0);
    yield {
      ...profile,
      weight: weight + (link.hints.includes(profile.network) ? 0.5 : 0),
      method: "link",
    };
  }
  for (const { thing, method } of organisations) {
    for (const address of texts(thing, "sameAs")) {
      const profile = readProfile(address);
      if (profile !== null) yield { ...profile, weight: 2, method };
    }
  }
  for (const key of ["article:publisher", "og:see_also"]) {
    const profile = readProfile(page.meta.get(key) ?? "");
    if (profile !== null) yield { ...profile, weight: 1, method: "meta" };
  }
  const handle = /^@?(\w{2,20})$/.exec(page.meta.get("twitter:site") ?? "")?.[1];
  const twitter = handle === undefined ? null : readProfile(`https://twitter.com/${handle}`);
  // A theme's author may have left it; so it needs a handle that looks like the company.
  if (twitter !== null) yield { ...twitter, weight: 0, method: "meta" };
  for (const resource of page.resources) {
    const framed = /facebook\.com\/(?:v[\d.]+\/)?plugins\/page\.php\?.*?href=([^&]+)/.exec(
      resource,
    )?.[1];
    const profile = framed === undefined ? null : readProfile(decodePercent(framed));
    if (profile !== null) yield { ...profile, weight: 1, method: "link" };
  }
}

/** The profile that an address leads to, in its canonical form; null for anything else. */
export function readProfile(
  address: string,
): { network: Network; url: string; handle: string } | null {
  const url = parseUrl(address.replace(/^\/\//, "https://"), null);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const pattern = PATTERNS.find(({ host }) => host.test(url.hostname.toLowerCase()));
  if (
    pattern === undefined ||
    /^(?:developers?|business|about|help|support|l|lm|apps|ads|blog|gist|px|connect|accounts|studio|music|platform)\./.test(
      url.hostname,
    )
  )
    return null;
  const path = pattern.profile.exec(
    url.pathname === "/profile.php" ? `${url.pathname}${url.search}` : url.pathname,
  )?.[1];
  if (path === undefined) return null;
  const [first = ""] = path.split("/");
  const handle = decodePercent(
    path.split("/").at(path.startsWith("pages/") ? 1 : -1) ?? "",
  ).replace(/^@/, "");
  const isProfileId = path.startsWith("profile.php?id=");
  if (
    !isProfileId &&
    (NOT_A_PROFILE.test(handle) || (!path.includes("/") && NOT_A_PROFILE.test(first)))
  )
    return null;
  return { network: pattern.network, url: pattern.home(path.replace(/\/+$/, "")), handle };
}

/** 0 to 1: how much a handle looks like one of the names. */
function likeness(handle: string, names: string[]): number {
  const simple = simplify(handle);
  let best = 0;
  for (const name of names.map(simplify)) {
    if (name.length < 3 || simple.length < 2) continue;
    if (simple === name) return 1;
    if (simple.includes(name) || name.includes(simple)) best = Math.max(best, 0.8);
    else if (name.slice(0, 4) === simple.slice(0, 4)) best = Math.max(best, 0.5);
  }
  return best;
}

function simplify(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z\d]/g, "");
}

/** Query parameters that only track where a click came from; vendors' own among them. */
const tracking =
  /^(utm_.+|mtm_.+|pk_.+|mc_[ce]id|gclid|gbraid|wbraid|dclid|fbclid|msclkid|yclid|ttclid|li_fat_id|igshid|_ga|_gl|_hs(enc|mi)|hs[a-z]+tracking|vero_id|oly_(anon|enc)_id|gh_src|lever-(source|origin|via)(\[\])?|jobpipeline|trk|trkinfo|tracking_?id|ref_?id|refsrc|ref|referrer|cid|s_cid|spm|jsessionid|phpsessid|sid|sessionid)$/i;

/** Longer addresses are not worth looking at: none of them could be kept. */
const maxInput = 2000;

/**
 * The canonical form of a posting's address: absolute, http(s), without tracking parameters,
 * fragment (unless it routes, "#/jobs/1"), default port or trailing slash. Null for anything else.
 */
export function canonicalUrl(value: unknown, base?: string | null): string | null {
  if (typeof value !== "string" || value.trim() === "" || value.length > maxInput) return null;
  const absolute = URL.parse(value.trim().replace(/&amp;/g, "&"), base ?? undefined);
  if (absolute === null || !/^https?:$/.test(absolute.protocol)) return null;
  // Setting a part of a URL costs more than looking at it, and most have nothing to take off.
  if (absolute.hash !== "" && !/^#!?\//.test(absolute.hash)) absolute.hash = "";
  if (absolute.username !== "" || absolute.password !== "") {
    absolute.username = "";
    absolute.password = "";
  }
  if (absolute.search !== "") {
    for (const name of [...absolute.searchParams.keys()]) {
      if (tracking.test(name)) absolute.searchParams.delete(name);
    }
  }
  const path = absolute.pathname.replace(/;jsessionid=[^/]*/i, "").replace(/(.)\/+$/, "$1");
  if (path !== absolute.pathname) absolute.pathname = path;
  const href = absolute.href;
  return href.length <= 480 ? href : null;
}

/** Any http(s) address as it is, absolute; null when it is none or too long to keep. */
export function webUrl(value: unknown, base?: string | null): string | null {
  if (typeof value !== "string" || value.trim() === "" || value.length > maxInput) return null;
  const url = URL.parse(value.trim().replace(/&amp;/g, "&"), base ?? undefined);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  return url.href.length <= 480 ? url.href : null;
}

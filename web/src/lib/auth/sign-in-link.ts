const ASKED = "otis.sign-in-link";

/** To be called when a link has been sent: where she asked for it, she is signed in by it. */
export function rememberLink(email: string): void {
  localStorage.setItem(ASKED, `${email.toLowerCase()} ${location.href}`);
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/**
 * The tokens that a sign-in link has brought in the address, where Auth answers with them instead
 * of a code (the embedded stack does); supabase-js leaves those alone. Taken only in the browser
 * that asked for the link and for the same address: nobody is signed in by somebody else's.
 * Whatever comes of it, the tokens leave the address, which is again the one she asked from.
 */
export function takeLink(): Tokens | null {
  const brought = new URLSearchParams(location.hash.slice(1));
  const access_token = brought.get("access_token");
  const refresh_token = brought.get("refresh_token");
  if (access_token === null || refresh_token === null) return null;
  const [email, href = location.pathname] = localStorage.getItem(ASKED)?.split(" ") ?? [];
  localStorage.removeItem(ASKED);
  history.replaceState(null, "", href);
  return email !== undefined && email === emailOf(access_token)
    ? { access_token, refresh_token }
    : null;
}

/** What the token says; the server checks whether it is true. */
function emailOf(token: string): string | null {
  try {
    const payload = token.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/") ?? "";
    const claims: unknown = JSON.parse(atob(payload));
    const has = typeof claims === "object" && claims !== null && "email" in claims;
    return has ? String(claims.email).toLowerCase() : null;
  } catch {
    return null;
  }
}

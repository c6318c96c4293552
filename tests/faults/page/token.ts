/** Renewed this long before it expires, in milliseconds. */
const EARLY_MS = 2_000;

let current: Promise<{ token: string; expiresAt: number }> | null = null;

/** The user's token, from the test's server, kept until shortly before it expires. */
export async function accessToken(): Promise<string> {
  const held = await current?.catch(() => null);
  if (held && held.expiresAt - EARLY_MS > Date.now()) return held.token;
  const fresh = fetch("/token").then((response) => response.json());
  current = fresh;
  return (await fresh).token;
}

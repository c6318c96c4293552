import { createHash } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";

/** Translates the value of an Authorization header. */
export type TokenTranslator = (authorization: string | undefined) => Promise<string | undefined>;

const BEARER = "Bearer ";
const MOST_REMEMBERED = 1_000;

/** The id of our one signing key, as in a hosted project's JWKS. */
function keyId(secret: Uint8Array): string {
  return createHash("sha256").update("otis-jwt-key").update(secret).digest("hex").slice(0, 32);
}

/** What functions get as SUPABASE_JWKS: the shared secret as a symmetric key. */
export function createJwks(jwtSecret: string): string {
  const secret = new TextEncoder().encode(jwtSecret);
  const k = Buffer.from(secret).toString("base64url");
  return JSON.stringify({ keys: [{ kty: "oct", alg: "HS256", kid: keyId(secret), k }] });
}

/**
 * Functions look up the key of a user's token by its `kid`, which the tokens of @supabase/lite do not carry.
 * So a valid token is signed again with one, with the same claims; anything else passes unchanged, for the
 * function to refuse.
 */
export function createTokenTranslator(jwtSecret: string): TokenTranslator {
  const secret = new TextEncoder().encode(jwtSecret);
  const header = { alg: "HS256", typ: "JWT", kid: keyId(secret) };
  const remembered = new Map<string, { readonly value: string; readonly expires: number }>();

  return async (authorization) => {
    if (!authorization?.startsWith(BEARER)) return authorization;
    const known = remembered.get(authorization);
    if (known && known.expires > Date.now()) return known.value;
    try {
      const token = authorization.slice(BEARER.length);
      const { payload } = await jwtVerify(token, secret, { algorithms: ["HS256"] });
      const signed = await new SignJWT(payload).setProtectedHeader(header).sign(secret);
      const value = `${BEARER}${signed}`;
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(authorization, { value, expires: (payload.exp ?? 0) * 1_000 });
      return value;
    } catch {
      return authorization;
    }
  };
}

import { createHash } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";

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
 * Functions look up the key of a user's token by its `kid`, which @supabase/lite does not write into its
 * tokens. So the answers of Auth pass through here: the token in them, in the body or behind the `#` of a
 * mail link's redirect, is signed again with a `kid` and the same claims.
 */
export function createTokenStamper(jwtSecret: string): (response: Response) => Promise<Response> {
  const secret = new TextEncoder().encode(jwtSecret);
  const header = { alg: "HS256", typ: "JWT", kid: keyId(secret) };

  async function stamp(token: string): Promise<string> {
    const { payload } = await jwtVerify(token, secret, { algorithms: ["HS256"] });
    return new SignJWT(payload).setProtectedHeader(header).sign(secret);
  }

  return async (response) => {
    const headers = new Headers(response.headers);
    const location = headers.get("location");
    if (location?.includes("access_token=")) {
      const url = new URL(location);
      const session = new URLSearchParams(url.hash.slice(1));
      session.set("access_token", await stamp(session.get("access_token") ?? ""));
      url.hash = session.toString();
      headers.set("location", url.href);
      return new Response(null, { status: response.status, headers });
    }
    if (!headers.get("content-type")?.includes("json")) return response;
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null && "access_token" in body) {
      body.access_token = await stamp(String(body.access_token));
    }
    return new Response(JSON.stringify(body), { status: response.status, headers });
  };
}

import { errors, type JWTPayload, jwtVerify } from "jose";
import type { Claims } from "./authorise.ts";

/** The API keys that stand for a role without naming a user. */
export interface ApiKeys {
  readonly publishable: string;
  readonly secret: string;
}

/** Who a connection or channel acts as. */
export interface Identity {
  readonly token: string;
  readonly claims: Claims;
  /** Seconds since the epoch; undefined: never (an API key). */
  readonly expiresAt: number | undefined;
}

/** The token is not accepted; the message may be shown to who sent it. */
export class TokenError extends Error {}

/** Checks API keys and the HS256 tokens that Auth signs. */
export class Tokens {
  readonly #secret: Uint8Array;
  readonly #keys: ApiKeys;
  readonly #now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(jwtSecret: string, keys: ApiKeys, now: () => number = Date.now) {
    this.#secret = new TextEncoder().encode(jwtSecret);
    this.#keys = keys;
    this.#now = now;
  }

  isSecretKey(token: string): boolean {
    return token === this.#keys.secret;
  }

  /** Reads an API key or a user's token. Throws TokenError. */
  async identify(token: string): Promise<Identity> {
    const { publishable, secret } = this.#keys;
    if (token === publishable) return { token, claims: { role: "anon" }, expiresAt: undefined };
    if (token === secret) return { token, claims: { role: "service_role" }, expiresAt: undefined };
    if (token.startsWith("sb_")) throw new TokenError("The API key is not known here");
    const payload = await this.#verify(token);
    const { role, exp } = payload;
    if (typeof role !== "string" || typeof exp !== "number") {
      throw new TokenError("Fields `role` and `exp` are required in JWT");
    }
    const identity = { token, claims: { ...payload, role }, expiresAt: exp };
    const complaint = this.complaint(identity);
    if (complaint !== undefined) throw new TokenError(complaint);
    return identity;
  }

  /** Says so if an identity has expired. */
  complaint({ expiresAt }: Identity): string | undefined {
    if (expiresAt === undefined) return undefined;
    const seconds = Math.floor(this.#now() / 1000 - expiresAt);
    return seconds >= 0 ? `Token has expired ${seconds} seconds ago` : undefined;
  }

  /** Milliseconds until an identity expires, at most `limit`. */
  remaining({ expiresAt }: Identity, limit: number): number {
    if (expiresAt === undefined) return limit;
    return Math.min(limit, Math.max(0, expiresAt * 1000 - this.#now()));
  }

  async #verify(token: string): Promise<JWTPayload> {
    try {
      // Expiry is judged by `complaint`, to the second and with the message that clients know.
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: ["HS256"],
        currentDate: new Date(0),
      });
      return payload;
    } catch (cause) {
      const message =
        cause instanceof errors.JWSSignatureVerificationFailed
          ? "Failed to validate JWT signature"
          : "The token provided is not a valid JWT";
      throw new TokenError(message, { cause });
    }
  }
}

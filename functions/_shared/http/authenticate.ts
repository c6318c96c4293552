import { verifyAuth } from "@supabase/server/core";
import { createServerClient, parseCookieHeader } from "@supabase/ssr";
import { OtisError } from "../contract/errors.ts";

/** A signed-in user: her id, and the verified claims that row security reads. */
export interface Caller {
  readonly id: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * The user of a request, by bearer token; with `cookies`, also by the session cookie of `@supabase/ssr`, so
 * that a plain link and an EventSource work. The token is verified in both cases.
 * Throws OtisError `needs_sign_in`.
 */
export async function authenticate(
  request: Request,
  env: Env,
  options: { readonly cookies?: boolean } = {},
): Promise<Caller> {
  const token = bearer(request) ?? (options.cookies ? await cookieToken(request, env) : null);
  if (!token) throw new OtisError("needs_sign_in", "Please sign in. Nothing was changed.");
  const { data, error } = await verifyAuth(
    new Request(request.url, { headers: { authorization: `Bearer ${token}` } }),
    { auth: "user" },
  );
  if (error && error.status >= 500) {
    throw new OtisError("internal", "Sign-in cannot be checked right now.", { cause: error });
  }
  if (error || !data.jwtClaims) {
    throw new OtisError("needs_sign_in", "Your sign-in has expired. Please sign in again.", {
      cause: error,
    });
  }
  return { id: data.jwtClaims.sub, claims: { ...data.jwtClaims } };
}

function bearer(request: Request): string | null {
  const token = /^Bearer\s+(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  return token && !token.startsWith("sb_") ? token : null;
}

async function cookieToken(request: Request, env: Env): Promise<string | null> {
  const header = request.headers.get("cookie");
  if (!header) return null;
  const client = createServerClient(env.SUPABASE_URL ?? "", publishableKey(env), {
    cookies: {
      getAll: () =>
        parseCookieHeader(header).map(({ name, value }) => ({ name, value: value ?? "" })),
      setAll: () => {},
    },
    auth: { autoRefreshToken: false },
  });
  const { data } = await client.auth.getSession();
  return data.session?.access_token ?? null;
}

/** The default publishable key of `SUPABASE_PUBLISHABLE_KEYS`, a JSON object of name and key. */
export function publishableKey(env: Env): string {
  const keys: unknown = JSON.parse(env.SUPABASE_PUBLISHABLE_KEYS ?? "{}");
  if (typeof keys !== "object" || keys === null) return "";
  const [first] = Object.values(keys);
  return typeof first === "string" ? first : "";
}

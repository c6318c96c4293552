import type { Session } from "@supabase/supabase-js";
import { supabase } from "../supabase.ts";

/**
 * Who is signed in. `expired`: she was, and the server no longer believes it; everything on the
 * screen stays, a banner asks her to sign in again.
 */
export type Auth =
  | { readonly kind: "unknown" }
  | { readonly kind: "signed-out" }
  | { readonly kind: "signed-in"; readonly userId: string; readonly email: string }
  | { readonly kind: "expired"; readonly userId: string; readonly email: string };

let auth: Auth = { kind: "unknown" };
let leaving = false;
const listeners = new Set<() => void>();

supabase.auth.onAuthStateChange((_event, session) => become(next(session)));

function next(session: Session | null): Auth {
  if (session) {
    return { kind: "signed-in", userId: session.user.id, email: session.user.email ?? "" };
  }
  if (!leaving && (auth.kind === "signed-in" || auth.kind === "expired")) {
    return { ...auth, kind: "expired" };
  }
  return { kind: "signed-out" };
}

function become(state: Auth): void {
  const same =
    state.kind === auth.kind &&
    ("userId" in state ? state.userId : null) === ("userId" in auth ? auth.userId : null);
  if (same) return;
  auth = state;
  for (const listener of listeners) listener();
}

export const readAuth = (): Auth => auth;

export function subscribeAuth(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A request was refused as not signed in: the cookie may still be there, but it is worth nothing. */
export function reportExpired(): void {
  if (auth.kind === "signed-in") become({ ...auth, kind: "expired" });
}

/** Bearer token of the caller, refreshed if due; null when nobody is signed in. */
export async function accessToken(): Promise<string | null> {
  const { data } = await supabase.auth.getSession();
  return data.session?.access_token ?? null;
}

export async function signOut(): Promise<void> {
  leaving = true;
  try {
    await supabase.auth.signOut({ scope: "local" });
    become({ kind: "signed-out" });
  } finally {
    leaving = false;
  }
}

import { Failure } from "../api/failure.ts";
import { supabase } from "../supabase.ts";
import { rememberLink } from "./sign-in-link.ts";

/** Why a sign-in was refused, in GoTrue's own codes where it gives one. */
export class SignInRefused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "SignInRefused";
    this.code = code;
  }
}

interface Credentials {
  readonly email: string;
  readonly password: string;
}

export async function signInWithPassword(credentials: Credentials): Promise<void> {
  refuse((await supabase.auth.signInWithPassword(credentials)).error);
}

/** True: signed in at once. False: the address has to be confirmed by e-mail first. */
export async function signUp(credentials: Credentials): Promise<boolean> {
  const { data, error } = await supabase.auth.signUp({
    ...credentials,
    options: { emailRedirectTo: location.origin },
  });
  refuse(error);
  return data.session !== null;
}

export async function sendMagicLink(email: string): Promise<void> {
  const emailRedirectTo = location.href;
  refuse((await supabase.auth.signInWithOtp({ email, options: { emailRedirectTo } })).error);
  rememberLink(email);
}

function refuse(
  error: { code?: string | undefined; status?: number | undefined; message: string } | null,
) {
  if (!error) return;
  if (!error.status || error.status >= 500) throw new Failure("unreachable", error.message);
  throw new SignInRefused(error.code ?? "invalid_credentials", error.message);
}

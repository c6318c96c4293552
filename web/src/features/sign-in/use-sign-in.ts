import { useMutation } from "@tanstack/react-query";
import {
  SignInRefused,
  sendMagicLink,
  signInWithPassword,
  signUp,
} from "../../lib/auth/sign-in.ts";
import { failureText } from "../../lib/texts/failure-text.ts";
import { signInTexts as t } from "../../lib/texts/sign-in.ts";

export type SignInWay = "password" | "sign-up" | "link";

interface Attempt {
  readonly way: SignInWay;
  readonly email: string;
  readonly password: string;
}

/** Resolves to a note for the user when she has to look into her mailbox, else to null. */
async function signIn({ way, email, password }: Attempt): Promise<string | null> {
  if (way === "link") {
    await sendMagicLink(email);
    return t.linkSent(email);
  }
  if (way === "sign-up") {
    const signedIn = await signUp({ email, password });
    return signedIn ? null : t.confirm(email);
  }
  await signInWithPassword({ email, password });
  return null;
}

export const useSignIn = () => useMutation({ mutationFn: signIn, networkMode: "always" });

export function signInError(error: unknown): string {
  if (error instanceof SignInRefused) return t.refused[error.code] ?? error.message;
  const { title, hint } = failureText(error);
  return [title, hint].filter(Boolean).join(". ");
}

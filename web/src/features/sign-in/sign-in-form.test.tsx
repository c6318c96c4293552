// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { expect, it, vi } from "vitest";
import { signInTexts as t } from "../../lib/texts/sign-in.ts";
import { SignInForm } from "./sign-in-form.tsx";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

vi.mock("../../lib/auth/sign-in.ts", async () => {
  class SignInRefused extends Error {
    readonly code = "invalid_credentials";
  }
  return { SignInRefused, signInWithPassword: () => Promise.reject(new SignInRefused()) };
});

it("forgets that a sign-in was refused once an account is to be made instead", async () => {
  const area = document.createElement("div");
  const root = createRoot(area);
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient()}>
        <SignInForm />
      </QueryClientProvider>,
    ),
  );
  await act(async () =>
    area
      .querySelector("form")
      ?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })),
  );
  await vi.waitFor(() => expect(area.textContent).toContain(t.refused.invalid_credentials), {
    timeout: 10_000,
  });
  const toSignUp = [...area.querySelectorAll("button")].find(
    ({ textContent }) => textContent === t.toSignUp,
  );
  await act(async () => toSignUp?.click());
  expect(area.textContent).toContain(t.signUp);
  expect(area.textContent).not.toContain(t.refused.invalid_credentials);
  await act(async () => root.unmount());
});

import { useState } from "react";
import { Button } from "../components/button.tsx";
import { SignInForm } from "../features/sign-in/sign-in-form.tsx";
import { signInTexts as t } from "../lib/texts/sign-in.ts";

/** In place: the page below stays mounted, with everything that was typed into it. */
export function ExpiredBanner({ email }: { readonly email: string }) {
  const [open, setOpen] = useState(false);
  return (
    <section aria-label={t.expired.title} className="border-b border-line bg-warn-soft px-4 py-2">
      <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="font-medium text-warn">{t.expired.title}</p>
        <p className="min-w-48 flex-1 text-ink-soft">{t.expired.hint}</p>
        {open ? null : (
          <Button dense="sm" onClick={() => setOpen(true)}>
            {t.expired.action}
          </Button>
        )}
      </div>
      {open ? (
        <div className="max-w-90 py-3">
          <SignInForm fixedEmail={email} />
        </div>
      ) : null}
    </section>
  );
}

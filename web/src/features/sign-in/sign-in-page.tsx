import { Button } from "../../components/button.tsx";
import { Logo } from "../../components/logo.tsx";
import { config } from "../../lib/config.ts";
import { common } from "../../lib/texts/common.ts";
import { signInTexts as t } from "../../lib/texts/sign-in.ts";
import { SignInForm } from "./sign-in-form.tsx";
import { signInError, useSignIn } from "./use-sign-in.ts";

export function SignInPage() {
  return (
    <main className="grid min-h-full place-items-center px-4 py-12">
      <div className="flex w-full max-w-90 flex-col gap-8">
        <header className="flex flex-col gap-3">
          <Logo size={40} />
          <h1 className="text-2xl font-semibold tracking-tight">{common.product}</h1>
          <p className="text-base text-ink-soft">{t.promise}</p>
        </header>
        {config.demo ? <DemoSignIn demo={config.demo} /> : null}
        <SignInForm />
      </div>
    </main>
  );
}

function DemoSignIn({ demo }: { readonly demo: NonNullable<typeof config.demo> }) {
  const attempt = useSignIn();
  return (
    <div className="flex flex-col gap-2 rounded-lg border border-line bg-accent-soft p-4">
      <p className="text-sm text-ink-soft">{t.demoHint}</p>
      <Button
        variant="primary"
        dense="lg"
        busy={attempt.isPending}
        onClick={() => attempt.mutate({ way: "password", ...demo })}
      >
        {t.demo}
      </Button>
      {attempt.isError ? (
        <p role="alert" className="text-sm text-bad">
          {signInError(attempt.error)}
        </p>
      ) : null}
    </div>
  );
}

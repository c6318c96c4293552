import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { signInTexts as t } from "../../lib/texts/sign-in.ts";
import { type SignInWay, signInError, useSignIn } from "./use-sign-in.ts";

interface Props {
  /** Fixed when somebody signs in again: another account would not fit the page that is open. */
  readonly fixedEmail?: string;
  readonly onDone?: () => void;
}

export function SignInForm({ fixedEmail, onDone }: Props) {
  const [creating, setCreating] = useState(false);
  const [email, setEmail] = useState(fixedEmail ?? "");
  const [password, setPassword] = useState("");
  const attempt = useSignIn();

  const start = (way: SignInWay) =>
    attempt.mutate(
      { way, email: email.trim(), password },
      { onSuccess: (note) => (note === null ? onDone?.() : undefined) },
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start(creating ? "sign-up" : "password");
  };
  /** What was refused of the one says nothing of the other. */
  const change = () => {
    setCreating(!creating);
    attempt.reset();
  };
  const running = attempt.isPending ? attempt.variables.way : null;

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label={t.email}
        type="email"
        name="email"
        autoComplete="username"
        required
        readOnly={fixedEmail !== undefined}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={t.password}
        type="password"
        name="password"
        autoComplete={creating ? "new-password" : "current-password"}
        required
        minLength={creating ? 8 : undefined}
        hint={creating ? t.newPasswordHint : undefined}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <div aria-live="polite" className="empty:hidden">
        {attempt.isError ? <p className="text-sm text-bad">{signInError(attempt.error)}</p> : null}
        {attempt.data ? <p className="text-sm text-good">{attempt.data}</p> : null}
      </div>
      <Button
        type="submit"
        variant="primary"
        dense="lg"
        busy={running === "password" || running === "sign-up"}
      >
        {creating ? t.signUp : t.signIn}
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button
          variant="ghost"
          className="-mx-3"
          busy={running === "link"}
          disabled={!email.includes("@")}
          onClick={() => start("link")}
        >
          {t.magicLink}
        </Button>
        {fixedEmail === undefined ? (
          <Button variant="ghost" className="-mx-3" onClick={change}>
            {creating ? t.toSignIn : t.toSignUp}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

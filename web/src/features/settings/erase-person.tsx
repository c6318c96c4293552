import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { TextField } from "../../components/field.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { useAction } from "../../lib/api/use-action.ts";
import { settingsTexts } from "../../lib/texts/settings.ts";
import { showToast } from "../../lib/toasts.ts";
import { SettingsSection } from "./settings-section.tsx";

const t = settingsTexts.erase;

/** The right to be forgotten, in one place. */
export function ErasePerson() {
  const [email, setEmail] = useState("");
  const [asking, setAsking] = useState(false);
  const erase = useAction("erase_person", {
    inline: true,
    onSuccess: ({ erased }) => {
      setEmail("");
      void showToast(t.done(erased));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsking(true);
  };
  return (
    <SettingsSection title={t.title} hint={t.hint}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3 p-4">
        <TextField
          label={t.field}
          type="email"
          required
          className="min-w-56 flex-1"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Button type="submit" variant="danger" busy={erase.isPending}>
          {t.button}
        </Button>
        {erase.isError ? <FailureNotice className="w-full" error={erase.error} /> : null}
      </form>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t.confirm.title(email)}
        hint={t.confirm.hint}
        confirm={t.confirm.yes}
        danger
        onConfirm={() => erase.mutate({ email })}
      />
    </SettingsSection>
  );
}

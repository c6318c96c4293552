import { Button } from "../../components/button.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { Region } from "../../components/region.tsx";
import { signOut } from "../../lib/auth/auth-store.ts";
import { useAuth } from "../../lib/auth/use-auth.ts";
import { settingsTexts as t } from "../../lib/texts/settings.ts";
import { ErasePerson } from "./erase-person.tsx";
import { SavedSearches } from "./saved-searches.tsx";
import { SettingsSection } from "./settings-section.tsx";
import { Suppression } from "./suppression.tsx";
import { ThemeChoice } from "./theme-choice.tsx";

export default function SettingsPage() {
  const auth = useAuth();
  return (
    <div className="mx-auto max-w-220 pb-16">
      <PageHeader title={t.title} />
      <div className="flex flex-col gap-10 px-4 md:px-8">
        <SettingsSection title={t.account.title}>
          <div className="flex flex-wrap items-center justify-between gap-2 px-4 py-3">
            <p>
              <span className="text-ink-soft">{t.account.email}</span>{" "}
              <span className="font-medium">{"email" in auth ? auth.email : null}</span>
            </p>
            <Button onClick={() => void signOut()}>{t.account.signOut}</Button>
          </div>
        </SettingsSection>
        <SettingsSection title={t.appearance.title}>
          <ThemeChoice />
        </SettingsSection>
        <Region>
          <SavedSearches />
        </Region>
        <Region>
          <Suppression />
        </Region>
        <Region>
          <ErasePerson />
        </Region>
      </div>
    </div>
  );
}

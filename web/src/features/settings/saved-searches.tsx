import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { Switch } from "../../components/switch.tsx";
import { formatMoment } from "../../lib/format/time.ts";
import type { RowOf } from "../../lib/rows.ts";
import { settingsTexts } from "../../lib/texts/settings.ts";
import { useRemoveSearch, useSavedSearches, useSetSearchActive } from "./api/saved-searches.ts";
import { SearchForm } from "./search-form.tsx";
import { SettingsSection } from "./settings-section.tsx";

const t = settingsTexts.searches;

/** Alerts on new postings. */
export function SavedSearches() {
  const { data, error, isPending, refetch } = useSavedSearches();
  const [adding, setAdding] = useState(false);
  return (
    <SettingsSection title={t.title} hint={t.hint}>
      {isPending ? <SkeletonRows rows={2} height="h-12" /> : null}
      {error ? (
        <FailureNotice className="m-4" error={error} onRetry={() => void refetch()} />
      ) : null}
      {data?.length === 0 && !adding ? <p className="px-4 py-3 text-ink-soft">{t.none}</p> : null}
      <ul className="divide-y divide-line">
        {data?.map((search) => (
          <SearchItem key={search.id} search={search} />
        ))}
      </ul>
      <div className="border-t border-line px-4 py-3">
        {adding ? (
          <SearchForm onDone={() => setAdding(false)} />
        ) : (
          <Button onClick={() => setAdding(true)}>
            <Plus aria-hidden="true" size={14} />
            {t.add}
          </Button>
        )}
      </div>
    </SettingsSection>
  );
}

function SearchItem({ search }: { readonly search: RowOf<"saved_searches"> }) {
  const activate = useSetSearchActive();
  const remove = useRemoveSearch();
  const { id, name, query, last_matched_at } = search;
  const parts = typeof query === "object" && !Array.isArray(query) ? Object.values(query) : [];
  return (
    <li className="flex flex-wrap items-center gap-x-3 px-4 py-2.5">
      <div className="min-w-40 flex-1">
        <p className="font-medium">{name}</p>
        <p className="text-xs text-ink-faint">
          {parts.filter((part) => typeof part === "string").join(" · ") || t.everything}
          {last_matched_at ? ` · ${t.lastMatched(formatMoment(last_matched_at))}` : null}
        </p>
      </div>
      <Switch
        label={t.active(name)}
        hideLabel
        checked={activate.isPending ? activate.variables.active : search.active}
        onChange={(active) => activate.mutate({ id, active })}
      />
      <Button
        variant="ghost"
        icon
        busy={remove.isPending}
        aria-label={t.remove(name)}
        onClick={() => remove.mutate(id)}
      >
        <Trash2 aria-hidden="true" size={15} />
      </Button>
    </li>
  );
}

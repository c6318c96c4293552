import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { SelectField, TextField } from "../../components/field.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { common } from "../../lib/texts/common.ts";
import { postingTexts } from "../../lib/texts/posting.ts";
import { settingsTexts } from "../../lib/texts/settings.ts";
import { type SearchQuery, useAddSearch } from "./api/saved-searches.ts";

const t = settingsTexts.searches;
const PARTS = ["text", "company", "city", "country"] as const;

export function SearchForm({ onDone }: { readonly onDone: () => void }) {
  const [name, setName] = useState("");
  const [query, setQuery] = useState<SearchQuery>({});
  const [tried, setTried] = useState(false);
  const add = useAddSearch();
  const filled = Object.fromEntries(
    Object.entries(query)
      .map(([part, value]) => [part, value?.trim() ?? ""])
      .filter(([, value]) => value !== ""),
  );
  const nothing = Object.keys(filled).length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!nothing) add.mutate({ name: name.trim(), query: filled }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className="grid gap-3 sm:grid-cols-2">
      <TextField
        label={t.name}
        required
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {PARTS.map((part) => (
        <TextField
          key={part}
          label={t[part]}
          maxLength={part === "country" ? 2 : 200}
          value={query[part] ?? ""}
          onChange={(event) =>
            setQuery({
              ...query,
              [part]: part === "country" ? event.target.value.toUpperCase() : event.target.value,
            })
          }
        />
      ))}
      <SelectField
        label={t.workplace}
        value={query.workplace ?? ""}
        onChange={(event) => setQuery({ ...query, workplace: event.target.value })}
      >
        <option value="">{t.anyWorkplace}</option>
        {Object.entries(postingTexts.workplace).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <div className="flex flex-wrap items-center gap-2 sm:col-span-2">
        <Button type="submit" variant="primary" busy={add.isPending}>
          {common.save}
        </Button>
        <Button variant="ghost" onClick={onDone}>
          {common.cancel}
        </Button>
        {tried && nothing ? (
          <p role="alert" className="text-xs text-bad">
            {t.needsSomething}
          </p>
        ) : null}
      </div>
      {add.isError ? <FailureNotice className="sm:col-span-2" error={add.error} /> : null}
    </form>
  );
}

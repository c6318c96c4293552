import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { TextArea } from "../../components/field.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { formatMoment } from "../../lib/format/time.ts";
import type { RowOf } from "../../lib/rows.ts";
import { common } from "../../lib/texts/common.ts";
import { settingsTexts } from "../../lib/texts/settings.ts";
import { showToast } from "../../lib/toasts.ts";
import { useSuppress, useSuppressions, useUnsuppress } from "./api/suppressions.ts";
import { parseSuppression } from "./parse-suppression.ts";
import { SettingsSection } from "./settings-section.tsx";

const t = settingsTexts.suppression;

export function Suppression() {
  const list = useSuppressions();
  const rows = list.data?.pages.flat() ?? [];
  return (
    <SettingsSection title={t.title} hint={t.hint}>
      <AddForm />
      {list.isPending ? <SkeletonRows rows={2} height="h-10" /> : null}
      {list.isError ? (
        <FailureNotice className="m-4" error={list.error} onRetry={() => void list.refetch()} />
      ) : null}
      {list.data && rows.length === 0 ? (
        <p className="border-t border-line px-4 py-3 text-ink-soft">{t.none}</p>
      ) : null}
      <ul className="max-h-90 divide-y divide-line overflow-y-auto border-t border-line empty:hidden">
        {rows.map((row) => (
          <Entry key={row.id} row={row} />
        ))}
      </ul>
      {list.hasNextPage ? (
        <div className="border-t border-line p-2">
          <Button
            variant="ghost"
            busy={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {common.loadMore}
          </Button>
        </div>
      ) : null}
    </SettingsSection>
  );
}

function AddForm() {
  const [text, setText] = useState("");
  const { emails, domains, wrong } = parseSuppression(text);
  const suppress = useSuppress((count) => {
    setText("");
    void showToast(t.added(count));
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong === null) suppress.mutate({ emails, domains });
  };
  return (
    <form onSubmit={submit} className="flex flex-col items-start gap-3 p-4">
      <TextArea
        label={t.field}
        rows={2}
        spellCheck={false}
        className="w-full"
        value={text}
        error={wrong === null ? null : t.wrong(wrong)}
        onChange={(event) => setText(event.target.value)}
      />
      <Button
        type="submit"
        disabled={wrong !== null || emails.length + domains.length === 0}
        busy={suppress.isPending}
      >
        {t.add}
      </Button>
      {suppress.isError ? <FailureNotice error={suppress.error} /> : null}
    </form>
  );
}

/** What a user put on the list herself; the database keeps the rest. */
const mayRemove = new Set(["asked", "imported"]);

function Entry({ row }: { readonly row: RowOf<"suppressions"> }) {
  const remove = useUnsuppress();
  const name = row.domain ?? t.email(row.email_hash ?? "");
  return (
    <li className="flex items-center gap-3 px-4 py-1.5">
      <span className="min-w-0 flex-1 truncate">{name}</span>
      <span className="text-xs text-ink-faint">
        {t.reason[row.reason]} · {formatMoment(row.created_at)}
      </span>
      {mayRemove.has(row.reason) ? (
        <Button
          variant="ghost"
          dense="sm"
          icon
          busy={remove.isPending}
          aria-label={t.remove(name)}
          onClick={() => remove.mutate(row.id)}
        >
          <X aria-hidden="true" size={14} />
        </Button>
      ) : null}
    </li>
  );
}

import { useRef, useState } from "react";
import { unknownVariables, VARIABLES } from "../../../../functions/_shared/campaigns/template.ts";
import { TextArea, TextField } from "../../components/field.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { campaignTexts } from "../../lib/texts/campaigns.ts";
import { type Texts, useTexts } from "./api/get-texts.ts";
import { Preview } from "./preview.tsx";
import { useAutosave } from "./use-autosave.ts";

const t = campaignTexts.editor;

/** The template on the left, what real leads will read on the right. */
export function TextEditor({ id }: { readonly id: string }) {
  const { data, isPending, error, refetch } = useTexts(id);
  if (isPending) return <SkeletonRows rows={3} />;
  if (!data) return <FailureNotice className="m-4" error={error} onRetry={() => void refetch()} />;
  return <Editor id={id} stored={data} />;
}

function Editor({ id, stored }: { readonly id: string; readonly stored: Texts }) {
  const [texts, setTexts] = useState(stored);
  const state = useAutosave(id, texts, stored);
  const change = (part: Partial<Texts>) => setTexts((before) => ({ ...before, ...part }));
  const insert = useInsert(change);
  const unknown = [texts.subject, texts.body, texts.personal_line].flatMap((text) =>
    unknownVariables(text),
  );
  return (
    <div className="grid gap-x-6 gap-y-4 border-b border-line px-4 py-4 xl:grid-cols-2">
      <form
        aria-label={t.title}
        className="flex min-w-0 flex-col gap-3"
        onFocus={insert.remember}
        onSubmit={(event) => event.preventDefault()}
      >
        <TextField
          label={t.subject}
          name="subject"
          maxLength={300}
          value={texts.subject}
          onChange={(event) => change({ subject: event.target.value })}
        />
        <TextArea
          label={t.body}
          name="body"
          rows={10}
          maxLength={20_000}
          value={texts.body}
          onChange={(event) => change({ body: event.target.value })}
          error={unknown.length > 0 ? t.unknown([...new Set(unknown)].join(", ")) : null}
          hint={t.variablesHint}
        />
        <Variables onInsert={insert.put} />
        <TextArea
          label={t.personalLine}
          name="personal_line"
          rows={2}
          maxLength={2000}
          hint={t.personalLineHint}
          value={texts.personal_line}
          onChange={(event) => change({ personal_line: event.target.value })}
        />
        <Sender texts={texts} stored={stored} onChange={change} />
        <p role="status" className="h-4 text-xs text-ink-faint">
          {state === "idle" ? null : t.state[state]}
        </p>
      </form>
      <Preview id={id} texts={texts} />
    </div>
  );
}

function Variables({ onInsert }: { readonly onInsert: (name: string) => void }) {
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{t.variables}</legend>
      {VARIABLES.map((name) => (
        <button
          key={name}
          type="button"
          // The cursor is to stay where it is.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onInsert(name)}
          className="rounded-sm bg-hover px-1.5 py-0.5 font-mono text-2xs text-ink-soft hover:bg-accent-soft hover:text-accent"
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

function Sender({
  texts,
  stored,
  onChange,
}: {
  /** Open as long as nobody has said who writes. */
  readonly stored: Texts;
  readonly texts: Texts;
  readonly onChange: (part: Partial<Texts>) => void;
}) {
  const { sender } = texts;
  return (
    <details open={!stored.sender.name}>
      <summary className="text-xs font-medium text-ink-soft select-none hover:text-ink">
        {t.more}
      </summary>
      <div className="mt-3 grid gap-3 sm:grid-cols-2">
        <TextField
          label={t.senderName}
          maxLength={120}
          value={sender.name}
          onChange={(event) => onChange({ sender: { ...sender, name: event.target.value } })}
        />
        <TextField
          label={t.senderCompany}
          maxLength={120}
          value={sender.company}
          onChange={(event) => onChange({ sender: { ...sender, company: event.target.value } })}
        />
        <TextArea
          label={t.unsubscribe}
          rows={2}
          maxLength={1000}
          className="sm:col-span-2"
          value={texts.unsubscribe_text}
          onChange={(event) => onChange({ unsubscribe_text: event.target.value })}
        />
      </div>
    </details>
  );
}

type Insertable = HTMLInputElement | HTMLTextAreaElement;
const FIELDS = ["subject", "body", "personal_line"] as const;

/** Puts a variable where the cursor was last. */
function useInsert(change: (part: Partial<Texts>) => void) {
  const last = useRef<Insertable | null>(null);
  return {
    remember: ({ target }: { target: EventTarget }) => {
      const text = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
      if (text && FIELDS.some((field) => field === target.name)) last.current = target;
    },
    put: (name: string) => {
      const field = last.current;
      const key = FIELDS.find((one) => one === field?.name);
      if (!field || !key) return;
      const { value, selectionStart, selectionEnd } = field;
      const from = selectionStart ?? value.length;
      const variable = `{{${name}}}`;
      change({ [key]: value.slice(0, from) + variable + value.slice(selectionEnd ?? from) });
      requestAnimationFrame(() => {
        field.focus();
        field.setSelectionRange(from + variable.length, from + variable.length);
      });
    },
  };
}

import { CircleHelp, X } from "lucide-react";
import type { ReactNode } from "react";
import type { DetectedSource } from "../../../../functions/_shared/contract/workflow.ts";
import { Button } from "../../components/button.tsx";
import { TextArea } from "../../components/field.tsx";
import { cx } from "../../lib/class-names.ts";
import { formatShare } from "../../lib/format/number.ts";
import { scrapingTexts as t } from "../../lib/texts/scraping.ts";
import { SourceIcon } from "./source-icon.tsx";
import type { Upload } from "./use-uploads.ts";

export type ActorInputs = Readonly<
  Record<string, { text: string; value: Record<string, unknown> | null; wrong: boolean }>
>;

interface Props {
  readonly detected: readonly DetectedSource[];
  readonly uploads: readonly Upload[];
  readonly options: ActorInputs;
  readonly onOptions: (options: ActorInputs) => void;
  readonly onRemoveInput: (input: string) => void;
  readonly onRemoveUpload: (key: string) => void;
}

export function RecognisedSources({
  detected,
  uploads,
  options,
  onOptions,
  onRemoveInput,
  onRemoveUpload,
}: Props) {
  if (detected.length + uploads.length === 0) return null;
  return (
    <ul
      aria-label={t.recognised}
      className="max-h-60 divide-y divide-line overflow-y-auto border-t border-line"
    >
      {detected.map(({ input, kind, label, message }) => (
        <Item
          key={input}
          icon={kind ? <SourceIcon kind={kind} /> : <Unknown />}
          label={label}
          kind={kind ? (t.kind[kind] ?? kind) : t.unknown}
          problem={kind ? null : message}
          onRemove={() => onRemoveInput(input)}
        >
          {kind === "apify" ? (
            <ActorInput
              text={options[input]?.text ?? ""}
              wrong={options[input]?.wrong ?? false}
              onChange={(text) => onOptions({ ...options, [input]: parse(text) })}
            />
          ) : null}
        </Item>
      ))}
      {uploads.map(({ key, name, share, uploadId, problem }) => (
        <Item
          key={key}
          icon={<SourceIcon kind="csv" />}
          label={name}
          kind={uploadId || problem ? t.kind.csv : t.uploading(formatShare(share))}
          problem={problem}
          onRemove={() => onRemoveUpload(key)}
        />
      ))}
    </ul>
  );
}

const Unknown = () => (
  <CircleHelp aria-hidden="true" size={15} strokeWidth={1.75} className="shrink-0 text-warn" />
);

function Item({
  icon,
  label,
  kind,
  problem,
  onRemove,
  children,
}: {
  readonly icon: ReactNode;
  readonly label: string;
  readonly kind: string | undefined;
  readonly problem: string | null;
  readonly onRemove: () => void;
  readonly children?: ReactNode;
}) {
  return (
    <li className="px-4 py-1.5">
      <div className="flex items-center gap-2.5">
        {icon}
        <span className="min-w-0 truncate">{label}</span>
        <span className={cx("shrink-0 text-xs", problem ? "text-warn" : "text-ink-faint")}>
          {kind}
        </span>
        <Button
          variant="ghost"
          dense="sm"
          icon
          aria-label={t.removeSource(label)}
          className="-mr-1.5 ml-auto"
          onClick={onRemove}
        >
          <X aria-hidden="true" size={13} />
        </Button>
      </div>
      {problem ? <p className="pl-6 text-xs text-ink-soft">{problem}</p> : null}
      {children}
    </li>
  );
}

function ActorInput({
  text,
  wrong,
  onChange,
}: {
  readonly text: string;
  readonly wrong: boolean;
  readonly onChange: (text: string) => void;
}) {
  return (
    <TextArea
      label={t.box.options}
      rows={3}
      spellCheck={false}
      className="py-1.5 pl-6"
      placeholder='{"query": "backend engineer", "location": "Berlin"}'
      value={text}
      error={wrong ? t.box.optionsWrong : null}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function parse(text: string): ActorInputs[string] {
  if (text.trim() === "") return { text, value: null, wrong: false };
  try {
    const value: unknown = JSON.parse(text);
    const fits = typeof value === "object" && value !== null && !Array.isArray(value);
    return { text, value: fits ? { ...value } : null, wrong: !fits };
  } catch {
    return { text, value: null, wrong: true };
  }
}

import { Paperclip, Play } from "lucide-react";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { DropArea } from "../../components/drop-area.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { useSettledValue } from "../../components/use-settled-value.ts";
import { useLiveScope } from "../../lib/live/live-context.tsx";
import { scrapingTexts } from "../../lib/texts/scraping.ts";
import { useDetectedSources } from "./api/detect-sources.ts";
import type { SourceInput } from "./api/forecast-scraping.ts";
import { useStartScraping } from "./api/start-scraping.ts";
import { ForecastLine } from "./forecast-line.tsx";
import { type ActorInputs, RecognisedSources } from "./recognised-sources.tsx";
import { splitInputs } from "./split-inputs.ts";
import { useDraft } from "./use-draft.ts";
import { useUploads } from "./use-uploads.ts";

const t = scrapingTexts.box;

/** One box that takes anything. Says what it was recognised as and what it will take, then starts. */
export function SourceBox() {
  const { id } = useLiveScope().scope;
  const [text, setText] = useDraft(id);
  const files = useUploads();
  const [options, setOptions] = useState<ActorInputs>({});
  const chooser = useRef<HTMLInputElement>(null);
  const inputs = useMemo(() => splitInputs(text), [text]);
  const detected = useDetectedSources(useSettledValue(inputs, 250));
  const known = useDeferredValue(detected.data ?? []).filter(({ input }) => inputs.includes(input));

  const sources = useMemo(
    (): SourceInput[] => [
      ...known
        .filter(({ kind }) => kind !== null)
        .map(({ input }) => {
          const option = options[input]?.value;
          return option ? { input, options: option } : { input };
        }),
      ...files.uploads.flatMap(({ uploadId, name }) =>
        uploadId === null ? [] : [{ upload_id: uploadId, name }],
      ),
    ],
    [known, options, files.uploads],
  );
  const start = useStartScraping(() => {
    setText("");
    files.clear();
  });
  const waiting =
    detected.isPlaceholderData ||
    detected.isLoading ||
    files.uploads.some(({ uploadId, problem }) => uploadId === null && problem === null) ||
    Object.values(options).some(({ wrong }) => wrong);
  const ready = sources.length > 0 && !waiting && !start.isPending;
  const run = () => {
    if (ready) start.mutate({ session_id: id, sources });
  };

  return (
    <DropArea
      label={t.label}
      hint={t.drop}
      onFiles={files.add}
      className="rounded-lg border border-line bg-surface shadow-raised"
    >
      <label htmlFor="sources" className="sr-only">
        {t.label}
      </label>
      <textarea
        id="sources"
        rows={Math.min(8, Math.max(2, text.split("\n").length))}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
        }}
        placeholder={t.placeholder}
        spellCheck={false}
        aria-describedby="sources-hint"
        className="block w-full resize-none max-sm:min-h-22 rounded-t-lg bg-transparent px-4 pt-3 pb-2 text-base outline-none placeholder:text-ink-faint"
      />
      <RecognisedSources
        detected={known}
        uploads={files.uploads}
        options={options}
        onOptions={setOptions}
        onRemoveInput={(input) => setText(inputs.filter((other) => other !== input).join("\n"))}
        onRemoveUpload={files.remove}
      />
      {start.isError ? (
        <FailureNotice className="mx-4 mb-2" error={start.error} onRetry={run} />
      ) : null}
      {detected.isError ? (
        <FailureNotice
          className="mx-4 mb-2"
          error={detected.error}
          onRetry={() => void detected.refetch()}
        />
      ) : null}
      <footer className="flex flex-wrap items-center gap-2 border-t border-line px-3 py-2">
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            files.add([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <Button variant="ghost" dense="sm" onClick={() => chooser.current?.click()}>
          <Paperclip aria-hidden="true" size={14} />
          {t.browse}
        </Button>
        <div
          id="sources-hint"
          className="min-w-40 flex-1 text-xs text-ink-faint max-sm:order-first max-sm:basis-full"
        >
          {sources.length > 0 ? <ForecastLine sources={sources} /> : t.hint}
        </div>
        <Button
          variant="primary"
          className="ml-auto"
          disabled={!ready}
          busy={start.isPending}
          title={t.again}
          onClick={run}
        >
          <Play aria-hidden="true" size={14} />
          {t.start}
        </Button>
      </footer>
    </DropArea>
  );
}

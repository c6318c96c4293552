import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useRef } from "react";
import { NewPill } from "../../components/new-pill.tsx";
import { useSettledIds } from "../../components/use-settled-ids.ts";
import { cx } from "../../lib/class-names.ts";
import { formatFullMoment, formatMoment } from "../../lib/format/time.ts";
import { useIsReady, useLiveQuery, useLiveRow } from "../../lib/live/use-live-rows.ts";
import { common } from "../../lib/texts/common.ts";
import { sessionTexts } from "../../lib/texts/session.ts";

const t = sessionTexts.log;
/** As many as somebody reads; older lines are in the export. */
const SHOWN = 100;
const LEVELS = ["debug", "info", "warning", "error"] as const;
const rank: Record<string, number> = { debug: 0, info: 1, success: 1, warning: 2, error: 3 };

/** A scroller has to be reachable by keys, though nothing in it can be focused. */
const reachable = { tabIndex: 0 };

const marks: Record<string, string> = {
  debug: "bg-line-strong",
  info: "bg-ink-faint",
  success: "bg-good",
  warning: "bg-warn",
  error: "bg-bad",
};

export function ActivityLog() {
  const [level, setLevel] = useQueryState("log", parseAsStringLiteral(LEVELS).withDefault("info"));
  const least = rank[level] ?? 0;
  const all = useLiveQuery("otis_progress_events", {
    key: `log from ${level}`,
    filter: (event) => (rank[event.level] ?? 1) >= least,
    sort: (a, b) => b.revision - a.revision,
  });
  const ready = useIsReady();
  const nothing = least <= 1 ? t.empty : t.emptyLevel;
  const area = useRef<HTMLOListElement>(null);
  const { ids, fresh, show } = useSettledIds(all, area);
  return (
    <section aria-labelledby="log-title" className="flex min-h-0 flex-1 flex-col">
      <header className="flex items-center justify-between gap-2 px-4 py-2">
        <h2 id="log-title" className="text-sm font-semibold">
          {t.title}
        </h2>
        <select
          aria-label={t.level}
          value={level}
          onChange={(event) => void setLevel(LEVELS.find((l) => l === event.target.value) ?? null)}
          className="h-6 rounded-md bg-transparent text-xs text-ink-soft hover:bg-hover"
        >
          {LEVELS.map((value) => (
            <option key={value} value={value}>
              {t.levels[value]}
            </option>
          ))}
        </select>
      </header>
      <div className="relative min-h-0 flex-1">
        <div className="pointer-events-none absolute inset-x-0 top-1 z-10 flex justify-center">
          <NewPill
            count={fresh}
            onShow={() => {
              show();
              area.current?.scrollTo({ top: 0 });
            }}
          />
        </div>
        <ol
          ref={area}
          {...reachable}
          aria-label={t.title}
          className="h-full overflow-y-auto overscroll-contain px-4 pb-4 text-xs"
        >
          {ids.length === 0 ? (
            <li className="text-ink-faint">{ready ? nothing : common.loading}</li>
          ) : (
            ids.slice(0, SHOWN).map((id) => <LogLine key={id} id={id} />)
          )}
        </ol>
      </div>
    </section>
  );
}

function LogLine({ id }: { readonly id: string }) {
  const event = useLiveRow("otis_progress_events", id);
  if (!event) return null;
  return (
    <li className="flex gap-2 py-1">
      <span
        aria-hidden="true"
        className={cx("mt-1.25 size-1.5 shrink-0 rounded-full", marks[event.level])}
      />
      <span className="sr-only">{t.level_name[event.level]}</span>
      <span className="min-w-0 flex-1">{event.message}</span>
      <time
        dateTime={event.created_at}
        title={formatFullMoment(event.created_at)}
        className="shrink-0 text-ink-faint"
      >
        {formatMoment(event.created_at)}
      </time>
    </li>
  );
}

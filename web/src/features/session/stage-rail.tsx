import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { STAGES } from "../../../../functions/_shared/contract/workflow.ts";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { Switch } from "../../components/switch.tsx";
import { cx } from "../../lib/class-names.ts";
import { sessionTexts as t } from "../../lib/texts/session.ts";
import { useSetAutoAdvance } from "./api/set-auto-advance.ts";
import { type Stage, type StageState, stageIcons, summarise } from "./stages.ts";
import { useSession } from "./use-session.ts";

interface Props {
  readonly stage: Stage;
  readonly onOpen: (stage: Stage) => void;
}

/** The four stages, each with a summary that can be folded away. A strip on a small screen. */
export function StageRail({ stage, onOpen }: Props) {
  return (
    <nav
      aria-label={t.rail}
      className="flex shrink-0 border-b border-line bg-surface max-lg:overflow-x-auto lg:w-56 lg:flex-col lg:overflow-y-auto lg:border-r lg:border-b-0 lg:p-3"
    >
      <ol className="flex flex-1 lg:flex-col lg:gap-1">
        {STAGES.map((name, at) => (
          <StageItem
            key={name}
            name={name}
            number={at + 1}
            current={name === stage}
            onOpen={() => onOpen(name)}
          />
        ))}
      </ol>
      <AutoAdvance />
    </nav>
  );
}

const marks: Record<StageState, string> = {
  waiting: "text-ink-faint",
  ready: "text-ink-soft",
  running: "text-accent",
  done: "text-good",
  paused: "text-warn",
};

function StageItem({
  name,
  number,
  current,
  onOpen,
}: {
  readonly name: Stage;
  readonly number: number;
  readonly current: boolean;
  readonly onOpen: () => void;
}) {
  const [open, setOpen] = useState(true);
  const summary = useSession((session) => summarise(name, session));
  if (!summary) return null;
  const Icon = stageIcons[name];
  const { title, todo } = t.stage[name];
  const lines = [...summary.lines, ...(summary.needs ? [summary.needs] : [])];
  const details = lines.length > 0 ? lines : [todo];
  return (
    <li
      className={cx(
        "relative max-lg:flex-1 lg:rounded-lg",
        current
          ? "max-lg:shadow-[inset_0_-2px] max-lg:shadow-accent lg:bg-accent-soft"
          : "hover:bg-hover",
      )}
    >
      <button
        type="button"
        aria-current={current ? "step" : undefined}
        aria-keyshortcuts={String(number)}
        onClick={onOpen}
        className="flex w-full items-center justify-center gap-2 px-2 py-2.5 text-left text-xs font-medium max-lg:min-w-20 max-lg:flex-col max-lg:gap-1 lg:justify-start lg:text-sm"
      >
        <Icon
          aria-hidden="true"
          size={16}
          strokeWidth={1.75}
          className={current ? "text-accent" : "text-ink-faint"}
        />
        <span className={current ? "text-accent" : ""}>{title}</span>
        <span
          className={cx("ml-auto pr-6 text-2xs font-normal max-lg:hidden", marks[summary.state])}
        >
          {t.stageState[summary.state]}
        </span>
      </button>
      <button
        type="button"
        aria-expanded={open}
        aria-label={open ? t.hideSummary(title) : t.showSummary(title)}
        onClick={() => setOpen(!open)}
        className="absolute top-2 right-1.5 grid size-6 place-items-center rounded-md text-ink-faint hover:bg-hover max-lg:hidden"
      >
        <ChevronDown
          aria-hidden="true"
          size={14}
          className={cx("transition-transform", open && "rotate-180")}
        />
      </button>
      {summary.share === null ? null : (
        <ProgressBar
          value={summary.share}
          label={title}
          className="max-lg:absolute max-lg:inset-x-2 max-lg:bottom-1 lg:mr-3 lg:mb-1.5 lg:ml-8"
        />
      )}
      {open ? (
        <ul className="pr-3 pb-2.5 pl-8 text-xs text-ink-soft max-lg:hidden">
          {details.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}

function AutoAdvance() {
  const on = useSession((session) => session.auto_advance) ?? true;
  const change = useSetAutoAdvance();
  return (
    <Switch
      label={t.autoAdvance}
      checked={on}
      onChange={(next) => change.mutate(next)}
      className="mt-3 border-t border-line px-2 pt-3 text-xs text-ink-soft max-lg:hidden"
    />
  );
}

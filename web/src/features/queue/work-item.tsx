import {
  ChevronRight,
  Pause,
  Play,
  Radar,
  RotateCcw,
  Send,
  Square,
  UsersRound,
} from "lucide-react";
import { useState } from "react";
import { Badge, workTones } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useControls } from "../../lib/api/use-controls.ts";
import { cx } from "../../lib/class-names.ts";
import { queueTexts as t } from "../../lib/texts/queue.ts";
import { BatchCompanies } from "./batch-companies.tsx";
import { Why } from "./why.tsx";
import type { Shown, Work } from "./work.ts";

const icons = { run: Radar, batch: UsersRound, campaign: Send };
const LEVELS = { first: 50, normal: 0, last: -50 } as const;

interface Props {
  readonly work: Work;
  readonly shown: Shown;
}

/** A run, a batch or a campaign; a batch opens to its companies. */
export function WorkItem({ work, shown }: Props) {
  const { target, id, label, status } = work;
  const controls = useControls(target, id);
  const [opened, setOpened] = useState(false);
  const Icon = icons[target];
  const running = ["running", "preparing", "pushing"].includes(status);
  const open = running || status === "queued";
  const steps = [
    { can: open, name: t.pause, icon: Pause, run: controls.pause },
    { can: status === "paused", name: t.resume, icon: Play, run: controls.resume },
    { can: work.failed, name: t.retry, icon: RotateCcw, run: controls.retry },
    { can: open || status === "paused", name: t.cancel, icon: Square, run: controls.cancel },
  ];
  return (
    <li>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
        <div className="flex min-w-56 flex-1 items-start gap-2.5 max-sm:basis-full">
          <Icon aria-label={t.kind[target]} size={15} className="mt-0.5 shrink-0 text-ink-faint" />
          <div className="min-w-0 flex-1">
            {target === "batch" ? (
              <button
                type="button"
                aria-expanded={opened}
                onClick={() => setOpened(!opened)}
                className="flex max-w-full items-center gap-1 rounded-sm font-medium hover:underline"
              >
                <span className="truncate">{label}</span>
                <ChevronRight
                  aria-hidden="true"
                  size={14}
                  className={cx("shrink-0 text-ink-faint", opened && "rotate-90")}
                />
              </button>
            ) : (
              <p className="truncate font-medium">{label}</p>
            )}
            <p className="text-xs text-ink-soft">{work.detail}</p>
            {running ? <ProgressBar value={work.share} label={label} className="mt-1.5" /> : null}
          </div>
        </div>
        {status === "queued" ? <Why target={target} id={id} label={label} /> : null}
        <Badge tone={work.failed ? "bad" : (workTones[status] ?? "plain")} dot={running}>
          {work.failed ? t.status.failed : t.status[status]}
        </Badge>
        {target !== "campaign" && open ? (
          <Priority label={label} value={work.priority} onChange={controls.setPriority} />
        ) : null}
        <div className="ml-auto flex w-17 justify-end gap-1">
          {steps.map(({ can, name, icon: StepIcon, run }) =>
            can ? (
              <Button
                key={name(label)}
                variant="ghost"
                icon
                busy={controls.busy}
                aria-label={name(label)}
                onClick={run}
              >
                <StepIcon aria-hidden="true" size={15} />
              </Button>
            ) : null,
          )}
        </div>
      </div>
      {opened ? <BatchCompanies id={id} sessionId={work.sessionId} shown={shown} /> : null}
    </li>
  );
}

interface PriorityProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (priority: number) => void;
}

/** The order in which a user's own work is taken. */
function Priority({ label, value, onChange }: PriorityProps) {
  const level = value > 0 ? "first" : value < 0 ? "last" : "normal";
  return (
    <select
      aria-label={t.priorityOf(label)}
      value={level}
      onChange={(event) => {
        const next = Object.entries(LEVELS).find(([name]) => name === event.target.value);
        if (next) onChange(next[1]);
      }}
      className="h-7 rounded-md bg-transparent px-1 text-xs text-ink-soft hover:bg-hover"
    >
      {(["first", "normal", "last"] as const).map((name) => (
        <option key={name} value={name}>
          {t.priorities[name]}
        </option>
      ))}
    </select>
  );
}

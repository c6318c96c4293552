import { Pause, Play, Radar, RotateCcw, Send, Square, UsersRound } from "lucide-react";
import { Badge, type Tone } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useControls } from "../../lib/api/use-controls.ts";
import { queueTexts as t } from "../../lib/texts/queue.ts";
import type { Work } from "./work.ts";

const icons = { run: Radar, batch: UsersRound, campaign: Send };
const tones: Record<string, Tone> = {
  running: "accent",
  preparing: "accent",
  pushing: "accent",
  paused: "warn",
  failed: "bad",
};
const LEVELS = { first: 50, normal: 0, last: -50 } as const;

export function WorkItem({ work }: { readonly work: Work }) {
  const { target, id, label, status } = work;
  const controls = useControls(target, id);
  const Icon = icons[target];
  const running = ["running", "preparing", "pushing"].includes(status);
  const open = running || status === "queued";
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
      <div className="flex min-w-56 flex-1 items-start gap-2.5">
        <Icon aria-label={t.kind[target]} size={15} className="mt-0.5 shrink-0 text-ink-faint" />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{label}</p>
          <p className="text-xs text-ink-soft">{work.detail}</p>
          {running ? <ProgressBar value={work.share} label={label} className="mt-1.5" /> : null}
        </div>
      </div>
      <Badge tone={work.failed ? "bad" : (tones[status] ?? "plain")} dot={running}>
        {work.failed ? t.status.failed : t.status[status]}
      </Badge>
      {target !== "campaign" && open ? (
        <Priority label={label} value={work.priority} onChange={controls.setPriority} />
      ) : null}
      <div className="ml-auto flex w-17 justify-end gap-1">
        {open ? (
          <Button
            variant="ghost"
            icon
            busy={controls.busy}
            aria-label={t.pause(label)}
            onClick={controls.pause}
          >
            <Pause aria-hidden="true" size={15} />
          </Button>
        ) : null}
        {status === "paused" ? (
          <Button
            variant="ghost"
            icon
            busy={controls.busy}
            aria-label={t.resume(label)}
            onClick={controls.resume}
          >
            <Play aria-hidden="true" size={15} />
          </Button>
        ) : null}
        {work.failed ? (
          <Button
            variant="ghost"
            icon
            busy={controls.busy}
            aria-label={t.retry(label)}
            onClick={controls.retry}
          >
            <RotateCcw aria-hidden="true" size={15} />
          </Button>
        ) : null}
        {open || status === "paused" ? (
          <Button
            variant="ghost"
            icon
            busy={controls.busy}
            aria-label={t.cancel(label)}
            onClick={controls.cancel}
          >
            <Square aria-hidden="true" size={14} />
          </Button>
        ) : null}
      </div>
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

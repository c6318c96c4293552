import { Badge, workTones } from "../../components/badge.tsx";
import { ControlMenu } from "../../components/control-menu.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { WhyWaiting } from "../../components/why-waiting.tsx";
import { useControls } from "../../lib/api/use-controls.ts";
import { useWhyWaiting } from "../../lib/api/why-waiting.ts";
import { formatCount } from "../../lib/format/number.ts";
import { formatMoment } from "../../lib/format/time.ts";
import { useLiveRow } from "../../lib/live/use-live-rows.ts";
import type { RunRow } from "../../lib/rows.ts";
import { scrapingTexts } from "../../lib/texts/scraping.ts";
import { SourceIcon } from "./source-icon.tsx";

const t = scrapingTexts.run;

export function RunItem({ id }: { readonly id: string }) {
  const run = useLiveRow("scraping_runs", id);
  if (!run) return null;
  const running = run.status === "running";
  // What was known before counts too once the source is read; until then, what is new is all there is to say.
  const found = Math.max(run.items_found, run.items_seen);
  const quiet = run.outcome === "zero" || run.outcome === "unknown";
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <div className="flex min-w-56 flex-1 items-start gap-2.5">
        <span className="mt-0.5">
          <SourceIcon kind={run.source_kind} />
        </span>
        <div className="min-w-0 flex-1">
          <p className="flex items-baseline gap-2">
            <span className="truncate font-medium">{run.source_label}</span>
            <span className="shrink-0 text-xs text-ink-faint">
              {scrapingTexts.kind[run.source_kind]}
            </span>
          </p>
          <p className="text-xs text-ink-soft">
            {run.error_message ?? (run.finished_at ? formatMoment(run.finished_at) : run.step)}
          </p>
          {running ? (
            <ProgressBar
              value={run.items_total === null && run.percent === 0 ? null : run.percent / 100}
              label={run.source_label}
              className="mt-1.5"
            />
          ) : null}
        </div>
      </div>
      <p className="w-32 text-right text-xs text-ink-faint max-sm:w-auto max-sm:flex-1 max-sm:pl-6.5 max-sm:text-left">
        <span className="text-base font-semibold text-ink tabular-nums">{formatCount(found)}</span>{" "}
        {t.found.toLowerCase()}
        {run.items_found < found ? (
          <span className="block">{t.newOfThem(run.items_found)}</span>
        ) : null}
        {run.errors_count > 0 ? (
          <span className="block text-warn">{t.errors(run.errors_count)}</span>
        ) : null}
      </p>
      <div className="flex w-32 items-center justify-end gap-1">
        {run.status === "queued" ? (
          <WhyWaiting>
            <Answer id={id} />
          </WhyWaiting>
        ) : null}
        <Badge tone={quiet ? "warn" : (workTones[run.status] ?? "plain")} dot={running}>
          {(run.outcome && t.outcome[run.outcome]) ?? t.status[run.status]}
        </Badge>
        <RunMenu run={run} />
      </div>
    </li>
  );
}

function RunMenu({ run }: { readonly run: Readonly<RunRow> }) {
  const { status } = run;
  const open = status === "queued" || status === "running";
  const paused = status === "paused";
  return (
    <ControlMenu
      label={t.actions(run.source_label)}
      controls={useControls("run", run.id)}
      can={{
        pause: open,
        resume: paused,
        first: status === "queued",
        retry: status === "failed" || status === "cancelled",
        cancel: open || paused,
      }}
    />
  );
}

const Answer = ({ id }: { readonly id: string }) => useWhyWaiting({ target: "run", id });

import type { ReactNode } from "react";
import { cx } from "../lib/class-names.ts";

export type Tone = "plain" | "accent" | "good" | "warn" | "bad";

/** The tone of each state that work may be in; every other is plain. */
export const workTones: Readonly<Record<string, Tone>> = {
  running: "accent",
  preparing: "accent",
  pushing: "accent",
  ready: "good",
  active: "good",
  completed: "good",
  paused: "warn",
  failed: "bad",
};

const tones: Record<Tone, string> = {
  plain: "bg-hover text-ink-soft",
  accent: "bg-accent-soft text-accent",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
};
const dots: Record<Tone, string> = {
  plain: "bg-ink-faint",
  accent: "bg-accent",
  good: "bg-good",
  warn: "bg-warn",
  bad: "bg-bad",
};

export function Badge({
  tone = "plain",
  dot = false,
  className,
  children,
}: {
  readonly tone?: Tone;
  readonly dot?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <span
      className={cx(
        "inline-flex h-5 shrink-0 items-center gap-1.5 rounded-full px-2 text-xs font-medium whitespace-nowrap",
        tones[tone],
        className,
      )}
    >
      {dot ? <span aria-hidden="true" className={cx("size-1.5 rounded-full", dots[tone])} /> : null}
      {children}
    </span>
  );
}

import type { ReactNode } from "react";
import { common } from "../lib/texts/common.ts";
import { Popover } from "./popover.tsx";

interface Props {
  /** What the question is called to those who do not see what it stands beside. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** Why something has not begun. The answer is asked for when somebody looks. */
export function WhyWaiting({ label, children }: Props) {
  return (
    <Popover
      title={common.why.title}
      trigger={
        <button
          type="button"
          aria-label={label}
          className="rounded-sm px-1 text-xs text-ink-soft underline decoration-dotted underline-offset-2 hover:text-ink"
        >
          {common.why.ask}
        </button>
      }
    >
      <p className="min-h-5 text-ink-soft" aria-live="polite">
        {children}
      </p>
    </Popover>
  );
}

import type { ReactNode } from "react";
import { Popover } from "./popover.tsx";

/** Why something has not begun. The answer is asked for when somebody looks. */
export function WhyWaiting({
  trigger,
  title,
  children,
}: {
  readonly trigger: string;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <Popover
      title={title}
      trigger={
        <button
          type="button"
          className="rounded-sm px-1 text-xs text-ink-soft underline decoration-dotted underline-offset-2 hover:text-ink"
        >
          {trigger}
        </button>
      }
    >
      <p className="min-h-5 text-ink-soft" aria-live="polite">
        {children}
      </p>
    </Popover>
  );
}

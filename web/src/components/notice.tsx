import { CircleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../lib/class-names.ts";
import { common } from "../lib/texts/common.ts";
import { failureText } from "../lib/texts/failure-text.ts";
import { Button } from "./button.tsx";

/** Nothing here yet: says what would be here and how to get it. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
  as: Title = "p",
  className,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** `h1` where it is all there is on the page. */
  readonly as?: "p" | "h1";
  readonly className?: string;
}) {
  return (
    <div className={cx("flex flex-col items-center gap-2 px-6 py-12 text-center", className)}>
      <span className="mb-1 grid size-10 place-items-center rounded-lg bg-hover text-ink-faint">
        <Icon aria-hidden="true" size={20} strokeWidth={1.75} />
      </span>
      <Title className="max-w-full text-base font-medium text-ink">{title}</Title>
      {children ? <div className="max-w-md text-sm text-ink-soft">{children}</div> : null}
      {action ? <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}

/** What happened, what to do, and another try: in the place where the result would have been. */
export function FailureNotice({
  error,
  onRetry,
  className,
}: {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
  readonly className?: string;
}) {
  const { title, hint } = failureText(error);
  return (
    <div
      role="alert"
      className={cx(
        "flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg border border-line bg-bad-soft px-3 py-2.5 text-sm",
        className,
      )}
    >
      <CircleAlert aria-hidden="true" size={16} className="mt-0.5 shrink-0 text-bad" />
      <div className="min-w-48 flex-1">
        <p className="font-medium text-ink">{title}</p>
        {hint ? <p className="text-ink-soft">{hint}</p> : null}
      </div>
      {onRetry ? (
        <Button dense="sm" onClick={onRetry}>
          {common.retry}
        </Button>
      ) : null}
    </div>
  );
}

import type { ComponentProps } from "react";
import { cx } from "../lib/class-names.ts";
import { ActivityDots } from "./activity-dots.tsx";

const look = {
  primary:
    "bg-accent text-on-accent hover:bg-accent-strong disabled:bg-pressed disabled:text-ink-faint",
  secondary:
    "border border-line-strong bg-raised text-ink shadow-raised hover:bg-hover disabled:text-ink-faint disabled:shadow-none",
  ghost:
    "text-ink-soft hover:bg-hover hover:text-ink disabled:text-ink-faint disabled:bg-transparent",
  danger:
    "border border-line-strong bg-raised text-bad shadow-raised hover:border-bad hover:bg-bad-soft disabled:text-ink-faint",
};
const size = { sm: "h-7 px-2 text-xs", md: "h-8 px-3 text-sm", lg: "h-10 px-4 text-base" };
const square = { sm: "size-7", md: "size-8", lg: "size-10" };

/** Class names of a button, for links and for triggers of headless primitives. */
export function buttonClass(
  variant: keyof typeof look = "secondary",
  { dense = "md", icon = false }: { dense?: keyof typeof size; icon?: boolean } = {},
): string {
  return cx(
    "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors duration-100 select-none",
    "disabled:cursor-not-allowed data-popup-open:bg-pressed",
    look[variant],
    icon ? square[dense] : size[dense],
  );
}

interface Props extends ComponentProps<"button"> {
  readonly variant?: keyof typeof look;
  readonly dense?: keyof typeof size;
  /** Only an icon inside: square; give it an `aria-label`. */
  readonly icon?: boolean;
  /** Its work is under way: shown, and not to be clicked again. */
  readonly busy?: boolean;
}

export function Button({
  variant = "secondary",
  dense = "md",
  icon = false,
  busy = false,
  disabled,
  className,
  children,
  ...rest
}: Props) {
  return (
    <button
      type="button"
      title={icon ? rest["aria-label"] : undefined}
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(buttonClass(variant, { dense, icon }), className)}
    >
      {busy ? <ActivityDots /> : null}
      {busy && icon ? null : children}
    </button>
  );
}

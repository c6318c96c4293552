import { Check, Minus } from "lucide-react";
import type { ComponentProps } from "react";
import { cx } from "../lib/class-names.ts";

interface Props extends Omit<ComponentProps<"input">, "type"> {
  readonly label: string;
  readonly showLabel?: boolean;
  readonly indeterminate?: boolean;
}

/** A native checkbox with a drawn face: keyboard, forms and readers come with it. */
export function Checkbox({
  label,
  showLabel = false,
  indeterminate = false,
  className,
  ...rest
}: Props) {
  return (
    <label className={cx("inline-flex cursor-pointer items-center gap-2", className)}>
      <span className="relative grid size-4 place-items-center">
        <input
          type="checkbox"
          aria-label={showLabel ? undefined : label}
          ref={(input) => {
            if (input) input.indeterminate = indeterminate;
          }}
          {...rest}
          className="size-4 cursor-pointer appearance-none rounded-sm border border-edge bg-surface checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:opacity-50"
        />
        {indeterminate || rest.checked ? <Mark dash={indeterminate} /> : null}
      </span>
      {showLabel ? <span className="text-sm">{label}</span> : null}
    </label>
  );
}

function Mark({ dash }: { readonly dash: boolean }) {
  const Icon = dash ? Minus : Check;
  return (
    <Icon
      aria-hidden="true"
      size={12}
      strokeWidth={3}
      className="pointer-events-none absolute text-on-accent"
    />
  );
}

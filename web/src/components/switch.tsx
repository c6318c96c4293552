import { cx } from "../lib/class-names.ts";

/** On or off, at once. */
export function Switch({
  label,
  hideLabel = false,
  checked,
  onChange,
  className,
}: {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly className?: string;
}) {
  return (
    <label className={cx("flex cursor-pointer items-center justify-between gap-2", className)}>
      <span className={hideLabel ? "sr-only" : ""}>{label}</span>
      <span className="relative inline-flex">
        <input
          type="checkbox"
          role="switch"
          aria-checked={checked}
          checked={checked}
          onChange={(event) => onChange(event.target.checked)}
          className="peer h-4.5 w-8 cursor-pointer appearance-none rounded-full bg-edge transition-colors checked:bg-accent"
        />
        <span
          aria-hidden="true"
          className="pointer-events-none absolute top-0.5 left-0.5 size-3.5 rounded-full bg-surface transition-transform peer-checked:translate-x-3.5"
        />
      </span>
    </label>
  );
}

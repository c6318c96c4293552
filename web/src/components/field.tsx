import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "../lib/class-names.ts";

export const inputClass =
  "h-8 w-full min-w-0 rounded-md border border-edge bg-surface px-2.5 text-sm text-ink placeholder:text-ink-faint disabled:opacity-60 aria-invalid:border-bad";

interface FieldProps {
  readonly label: string;
  /** Shown to screen readers only; for fields that explain themselves by their place. */
  readonly hideLabel?: boolean;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  readonly className?: string;
}

interface Wiring {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

function Frame({
  label,
  hideLabel,
  hint,
  error,
  className,
  children,
}: FieldProps & { readonly children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "text-xs font-medium text-ink-soft"}>
        {label}
      </label>
      {children({
        id,
        "aria-describedby": note ? `${id}-note` : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {note ? (
        <p id={`${id}-note`} className={cx("text-xs", error ? "text-bad" : "text-ink-faint")}>
          {note}
        </p>
      ) : null}
    </div>
  );
}

export function TextField({
  label,
  hideLabel,
  hint,
  error,
  className,
  ...input
}: FieldProps & ComponentProps<"input">) {
  return (
    <Frame {...frame({ label, hideLabel, hint, error, className })}>
      {(wiring) => <input type="text" {...input} {...wiring} className={inputClass} />}
    </Frame>
  );
}

export function TextArea({
  label,
  hideLabel,
  hint,
  error,
  className,
  ...area
}: FieldProps & ComponentProps<"textarea">) {
  return (
    <Frame {...frame({ label, hideLabel, hint, error, className })}>
      {(wiring) => (
        <textarea
          rows={4}
          {...area}
          {...wiring}
          className={cx(inputClass, "h-auto resize-y py-2")}
        />
      )}
    </Frame>
  );
}

export function SelectField({
  label,
  hideLabel,
  hint,
  error,
  className,
  children,
  ...select
}: FieldProps & ComponentProps<"select">) {
  return (
    <Frame {...frame({ label, hideLabel, hint, error, className })}>
      {(wiring) => (
        <select {...select} {...wiring} className={cx(inputClass, "pr-7")}>
          {children}
        </select>
      )}
    </Frame>
  );
}

/** Leaves out what is undefined, as exact optional properties ask for. */
function frame(props: {
  label: string;
  hideLabel: boolean | undefined;
  hint: ReactNode;
  error: string | null | undefined;
  className: string | undefined;
}): FieldProps {
  const { label, hideLabel = false, hint, error = null, className = "" } = props;
  return { label, hideLabel, hint, error, className };
}

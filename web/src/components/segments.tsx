import { cx } from "../lib/class-names.ts";

interface Props<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    readonly count?: number | undefined;
  }[];
  readonly onChange: (value: T) => void;
}

/** One of a few: native radio buttons, so that arrow keys work as they should. */
export function Segments<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <fieldset className="flex shrink-0 rounded-md bg-track p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={cx(
            "flex h-7 cursor-pointer items-center gap-1.5 rounded-[5px] px-2.5 text-xs font-medium has-focus-visible:outline-2 has-focus-visible:outline-accent",
            option.value === value
              ? "bg-raised text-ink shadow-raised"
              : "text-ink-soft hover:text-ink",
          )}
        >
          <input
            type="radio"
            name={label}
            className="sr-only"
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
          {option.count === undefined ? null : (
            <span className="text-ink-faint tabular-nums">{option.count}</span>
          )}
        </label>
      ))}
    </fieldset>
  );
}

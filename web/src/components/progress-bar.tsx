import { cx } from "../lib/class-names.ts";

const tones = { accent: "bg-accent", good: "bg-good", warn: "bg-warn", bad: "bg-bad" };

interface Props {
  /** 0…1; null: under way, but nobody knows how far. */
  readonly value: number | null;
  readonly label: string;
  readonly tone?: keyof typeof tones;
  readonly className?: string;
}

/** Moves by transform only, so that a smooth bar costs no layout. */
export function ProgressBar({ value, label, tone = "accent", className }: Props) {
  const share = value === null ? null : Math.min(1, Math.max(0, value));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      className={cx("h-1 overflow-hidden rounded-full bg-pressed", className)}
    >
      <div
        className={cx(
          "h-full origin-left rounded-full",
          tones[tone],
          share === null
            ? "w-1/3 animate-sweep motion-reduce:w-full motion-reduce:opacity-40"
            : "transition-transform duration-500 ease-calm",
        )}
        style={share === null ? undefined : { transform: `scaleX(${share})` }}
      />
    </div>
  );
}

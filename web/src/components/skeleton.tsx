import { cx } from "../lib/class-names.ts";
import { common } from "../lib/texts/common.ts";

/** The place of something that is on its way. Still: what does not move does not distract. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden="true" className={cx("block rounded-md bg-pressed", className)} />;
}

const widths = ["w-2/5", "w-3/5", "w-1/2", "w-1/3", "w-2/3"];

/** Rows of a list that is on its way. `height` is a class name, so that nothing jumps later. */
export function SkeletonRows({
  rows = 6,
  height = "h-14",
}: {
  readonly rows?: number;
  readonly height?: string;
}) {
  return (
    <div role="status">
      <span className="sr-only">{common.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={`row ${row.toString()}`}
          className={cx("flex items-center gap-4 border-b border-line px-4", height)}
        >
          <Skeleton className={cx("h-3", widths[row % widths.length])} />
          <Skeleton className="ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  );
}

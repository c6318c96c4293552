import { ArrowUp } from "lucide-react";
import { common } from "../lib/texts/common.ts";

/** Says quietly that something has arrived; nothing moves before it is asked to. */
export function NewPill({
  count,
  onShow,
}: {
  readonly count: number;
  readonly onShow: () => void;
}) {
  if (count === 0) return null;
  return (
    <button
      type="button"
      onClick={onShow}
      title={common.newOnesHint}
      className="pointer-events-auto inline-flex h-7 animate-appear items-center gap-1.5 rounded-full bg-accent px-3 text-xs font-medium text-on-accent shadow-float hover:bg-accent-strong"
    >
      <ArrowUp aria-hidden="true" size={13} />
      {common.newOnes(count)}
    </button>
  );
}

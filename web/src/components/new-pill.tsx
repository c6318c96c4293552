import { ArrowUp } from "lucide-react";
import { common } from "../lib/texts/common.ts";

interface Props {
  readonly count: number;
  /** The order has changed beneath what is shown. */
  readonly moved?: boolean;
  readonly onShow: () => void;
}

/** Says quietly that something has arrived; nothing moves before it is asked to. */
export function NewPill({ count, moved = false, onShow }: Props) {
  if (count === 0 && !moved) return null;
  return (
    <button
      type="button"
      onClick={onShow}
      title={common.newOnesHint}
      className="pointer-events-auto inline-flex h-7 animate-appear items-center gap-1.5 rounded-full bg-accent px-3 text-xs font-medium text-on-accent shadow-float hover:bg-accent-strong"
    >
      <ArrowUp aria-hidden="true" size={13} />
      {count > 0 ? common.newOnes(count) : common.newOrder}
    </button>
  );
}

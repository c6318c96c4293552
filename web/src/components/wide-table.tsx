import type { ReactNode } from "react";

/** A scroller has to be reachable by keys, though nothing in it can be focused. */
const reachable = { tabIndex: 0 };

/** A table that may be wider than the screen: it scrolls, the page does not. */
export function WideTable({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <section
      {...reachable}
      aria-label={label}
      className="overflow-x-auto rounded-lg border border-line bg-surface"
    >
      <table className="w-full tabular-nums [&_td]:px-4 [&_td]:py-2 [&_th]:px-4 [&_th]:py-2">
        {children}
      </table>
    </section>
  );
}

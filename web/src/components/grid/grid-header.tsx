import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../../lib/class-names.ts";
import type { ShownColumn } from "./grid-columns.ts";

interface Props {
  readonly columns: readonly ShownColumn[];
  readonly template: string;
  /** The box that selects every row. */
  readonly children: ReactNode;
}

export function GridHeader({ columns, template, children }: Props) {
  return (
    <tr
      aria-rowindex={1}
      className="sticky top-0 z-10 grid h-8 text-left items-center border-b border-line bg-surface text-xs font-medium text-ink-soft"
      style={{ gridTemplateColumns: template }}
    >
      <th
        scope="col"
        aria-colindex={1}
        className="sticky left-0 z-10 grid h-full place-items-center bg-surface"
      >
        {children}
      </th>
      {columns.map((column, at) => (
        <Heading key={column.id} column={column} index={at + 2} />
      ))}
    </tr>
  );
}

const spoken = { asc: "ascending", desc: "descending" } as const;

function Heading({ column, index }: { readonly column: ShownColumn; readonly index: number }) {
  const { title, align, direction, toggle } = column;
  const placed = cx(
    "flex h-full items-center gap-1 px-2 font-medium whitespace-nowrap",
    align === "right" && "flex-row-reverse",
    index === 2 && "sticky left-10 z-10 bg-surface",
  );
  if (!toggle) {
    return (
      <th scope="col" aria-colindex={index} className={placed}>
        {title}
      </th>
    );
  }
  const Arrow = direction === "asc" ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-colindex={index}
      aria-sort={direction ? spoken[direction] : "none"}
      className={index === 2 ? "sticky left-10 z-10 h-full bg-surface" : "h-full"}
    >
      <button
        type="button"
        onClick={toggle}
        className={cx(placed, "group w-full hover:text-ink", direction && "text-ink")}
      >
        {title}
        <Arrow
          aria-hidden="true"
          size={12}
          className={direction ? "text-accent" : "opacity-0 group-hover:opacity-50"}
        />
      </button>
    </th>
  );
}

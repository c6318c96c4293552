import { memo } from "react";
import { cx } from "../../lib/class-names.ts";
import { Checkbox } from "../checkbox.tsx";
import type { ShownColumn } from "./grid-columns.ts";

interface Props {
  readonly id: string;
  readonly domId: string;
  readonly index: number;
  readonly start: number;
  readonly active: boolean;
  readonly isSelected: boolean;
  readonly columns: readonly ShownColumn[];
  readonly template: string;
  readonly boxLabel: string;
  /** Whether a ticked row stands out. */
  readonly tinted: boolean;
  readonly onToggle: (id: string, extend: boolean) => void;
  readonly onActive: (id: string) => void;
  readonly onOpen: (id: string) => void;
}

/** Takes part in the keyboard's walk by its id; its cells take their own live rows. */
export const GridRow = memo(function GridRow(props: Props) {
  const { id, index, columns, template, active, isSelected } = props;
  const back = isSelected && props.tinted ? "bg-accent-soft" : "bg-surface group-hover:bg-sunken";
  return (
    <tr
      id={props.domId}
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      onPointerDown={() => props.onActive(id)}
      onDoubleClick={() => props.onOpen(id)}
      className={cx(
        "group absolute contain-strict outline-none inset-x-0 top-0 grid h-9 items-center border-b border-line",
        isSelected && props.tinted ? "bg-accent-soft" : "bg-surface hover:bg-sunken",
        active &&
          "after:pointer-events-none after:absolute after:inset-0 after:z-2 after:border-y-2 after:border-accent",
      )}
      style={{ gridTemplateColumns: template, transform: `translateY(${props.start}px)` }}
    >
      <td className={cx("sticky left-0 z-1 grid h-full place-items-center", back)}>
        <Checkbox
          label={props.boxLabel}
          tabIndex={-1}
          checked={isSelected}
          readOnly
          onClick={(event) => props.onToggle(id, event.shiftKey)}
        />
      </td>
      {columns.map(({ id: column, align, Cell }, at) => (
        <td
          key={column}
          className={cx(
            "flex h-full min-w-0 items-center px-2",
            align === "right" && "justify-end tabular-nums",
            at === 0 && cx("sticky left-10 z-1", back),
          )}
        >
          <Cell id={id} column={column} />
        </td>
      ))}
    </tr>
  );
});

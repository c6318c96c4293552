import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useId, useRef } from "react";
import { Checkbox } from "../checkbox.tsx";
import { NewPill } from "../new-pill.tsx";
import { useSettledIds } from "../use-settled-ids.ts";
import { useStable } from "../use-stable.ts";
import { type GridColumn, type GridSort, templateOf, useGridColumns } from "./grid-columns.ts";
import { GridHeader } from "./grid-header.tsx";
import { GridRow } from "./grid-row.tsx";
import { useGridKeys } from "./use-grid-keys.ts";

interface Props {
  readonly label: string;
  /** All rows, filtered and sorted. */
  readonly ids: readonly string[];
  readonly columns: readonly GridColumn[];
  readonly visible: readonly string[];
  readonly sort: GridSort | null;
  readonly onSort: (sort: GridSort | null) => void;
  readonly isSelected: (id: string) => boolean;
  readonly selectedCount: number;
  /** False where most rows are ticked, so that it is the others one looks for. */
  readonly tinted?: boolean;
  readonly onSelect: (ids: readonly string[], selected: boolean) => void;
  readonly onOpen: (id: string) => void;
  /** Said to readers for the box of a row. */
  readonly boxLabel: (id: string) => string;
  /** Said to readers for the box of the heading. */
  readonly selectAllLabel: string;
  /** Shown instead of rows when there are none. */
  readonly empty: ReactNode;
}

const ROW = 36;
const HEADER = 32;

/**
 * A table of any length: only what is on the screen exists. Live rows change in place; what
 * arrives while somebody reads, selects or scrolls waits behind a pill.
 */
export function VirtualGrid(props: Props) {
  const { ids: latest, columns, visible, sort, onSort, onSelect } = props;
  const name = useId();
  const area = useRef<HTMLDivElement>(null);
  const scale = useRootScale();
  const last = useRef(0);
  const { ids, fresh, moved, show } = useSettledIds(latest, area, () => last.current);
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => area.current,
    estimateSize: () => ROW * scale,
    scrollMargin: 0,
    paddingStart: HEADER * scale,
    scrollPaddingStart: HEADER * scale,
    overscan: 6,
    getItemKey: (index) => ids[index] ?? index,
  });
  last.current = rows.range?.endIndex ?? 0;
  const shown = useGridColumns({ columns, visible, sort, onSort });
  const keys = useGridKeys({
    ids,
    page: () => Math.max(1, (rows.range?.endIndex ?? 1) - (rows.range?.startIndex ?? 0) - 1),
    isSelected: props.isSelected,
    onSelect,
    onOpen: props.onOpen,
    reveal: (index) => rows.scrollToIndex(index),
  });
  const toggle = useStable(keys.toggle);
  const open = useStable(props.onOpen);
  const template = `2.5rem ${templateOf(shown)}`;
  const all = props.selectedCount > 0 && props.selectedCount >= latest.length;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div className="pointer-events-none absolute inset-x-0 top-10 z-20 flex justify-center">
        <NewPill
          count={fresh}
          moved={moved}
          onShow={() => {
            show();
            rows.scrollToOffset(0);
          }}
        />
      </div>
      <div ref={area} className="min-h-0 flex-1 overflow-auto overscroll-contain">
        <table
          role="grid"
          tabIndex={0}
          aria-label={props.label}
          aria-multiselectable="true"
          aria-rowcount={ids.length + 1}
          aria-colcount={shown.length + 1}
          aria-activedescendant={keys.active === null ? undefined : `${name}${keys.active}`}
          onKeyDown={keys.onKeyDown}
          onFocus={(event) => {
            // A click focuses a row; rows come and go, so the grid takes the focus over.
            if (event.target instanceof HTMLTableRowElement)
              event.currentTarget.focus({ preventScroll: true });
          }}
          className="relative block min-w-max outline-none"
          style={{ height: Math.max(rows.getTotalSize(), HEADER * scale) }}
        >
          <thead className="contents">
            <GridHeader columns={shown} template={template}>
              <Checkbox
                label={props.selectAllLabel}
                checked={all}
                indeterminate={props.selectedCount > 0 && !all}
                onChange={() => onSelect(latest, !all)}
              />
            </GridHeader>
          </thead>
          <tbody className="contents">
            {rows.getVirtualItems().map(({ key, index, start }) => {
              const id = ids[index];
              if (id === undefined) return null;
              return (
                <GridRow
                  key={key}
                  id={id}
                  domId={name + id}
                  index={index}
                  start={start}
                  active={keys.active === id}
                  columns={shown}
                  template={template}
                  boxLabel={props.boxLabel(id)}
                  tinted={props.tinted ?? true}
                  onToggle={toggle}
                  onActive={keys.setActive}
                  onOpen={open}
                  isSelected={props.isSelected(id)}
                />
              );
            })}
          </tbody>
        </table>
        {ids.length === 0 ? props.empty : null}
      </div>
    </div>
  );
}

/** How much larger than usual everything is drawn. */
const useRootScale = () =>
  Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

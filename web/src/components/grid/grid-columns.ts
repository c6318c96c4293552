import {
  columnSizingFeature,
  columnVisibilityFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { type ComponentType, useMemo } from "react";

export interface CellProps {
  /** Of the row. */
  readonly id: string;
  readonly column: string;
}

/** One column of a grid. Its cell finds what it shows by the row's id, and renders by itself. */
export interface GridColumn {
  readonly id: string;
  readonly title: string;
  /** In pixels at the usual text size; the first column takes what is left. */
  readonly width: number;
  readonly sortable?: boolean;
  readonly align?: "right";
  readonly Cell: ComponentType<CellProps>;
}

export interface GridSort {
  readonly column: string;
  readonly descending: boolean;
}

interface Options {
  readonly columns: readonly GridColumn[];
  /** Ids of the columns to show, in the order of `columns`. */
  readonly visible: readonly string[];
  readonly sort: GridSort | null;
  readonly onSort: (sort: GridSort | null) => void;
}

/** Rows are live ids, sorted and filtered by the live query: the table knows columns only. */
const features = tableFeatures({ columnVisibilityFeature, columnSizingFeature, rowSortingFeature });
const noRows: object[] = [];

/** What is shown of the columns, and a click on a heading: TanStack Table without its rows. */
export function useGridColumns({ columns, visible, sort, onSort }: Options) {
  const sorting = useMemo(
    (): SortingState => (sort ? [{ id: sort.column, desc: sort.descending }] : []),
    [sort],
  );
  const definitions = useMemo(() => columns.map(define), [columns]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(columns.map(({ id }) => [id, visible.includes(id)])),
    [columns, visible],
  );
  const table = useTable({
    features,
    data: noRows,
    columns: definitions,
    manualSorting: true,
    state: { sorting, columnVisibility },
    onSortingChange: (update) => {
      const [next] = typeof update === "function" ? update(sorting) : update;
      onSort(next ? { column: next.id, descending: next.desc } : null);
    },
  });
  const leaves = table.getVisibleLeafColumns();
  return useMemo(
    () =>
      leaves.flatMap((leaf) => {
        const own = columns.find(({ id }) => id === leaf.id);
        if (!own) return [];
        const now = sorting.find(({ id }) => id === leaf.id);
        const direction = now ? (now.desc ? ("desc" as const) : ("asc" as const)) : null;
        const toggle = leaf.getCanSort() ? () => leaf.toggleSorting() : null;
        return [{ ...own, width: leaf.getSize(), direction, toggle }];
      }),
    [leaves, columns, sorting],
  );
}

const define = ({ id, title, width, sortable = false }: GridColumn) => ({
  id,
  header: title,
  size: width,
  accessorFn: () => null,
  enableSorting: sortable,
});

export type ShownColumn = ReturnType<typeof useGridColumns>[number];

/** Widths as a grid template; rem, so that everything grows together on very large screens. */
export const templateOf = (columns: readonly ShownColumn[]): string =>
  columns
    .map(({ width }, at) => (at === 0 ? `minmax(${width / 16}rem, 1fr)` : `${width / 16}rem`))
    .join(" ");

/** Rows of text in aligned columns, the first column to the left, the others to the right. */
export function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    )
    .join("\n");
}

/** "12/12 100 %", or a dash where there was nothing to compare. */
export function share(right: number, compared: number): string {
  return compared === 0 ? "–" : `${right}/${compared} ${Math.floor((right / compared) * 100)} %`;
}

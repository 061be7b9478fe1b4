/** Aligned columns: text left, numbers right. */

export type Cell = string | number;

export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(show));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const figures = new Set(head.keys().filter((column) => rows.every((row) => isFigure(row[column]))));
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return figures.has(column) ? cell.padStart(width) : cell.padEnd(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const isFigure = (cell: Cell | undefined): boolean => typeof cell === "number" || /^(-|[\d.]+ %)$/.test(cell ?? "");

export function show(cell: Cell): string {
  return typeof cell === "number" ? cell.toLocaleString("en-US") : cell;
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

export const percent = (part: number, whole: number): string =>
  whole === 0 ? "-" : `${((100 * part) / whole).toFixed(2)} %`;

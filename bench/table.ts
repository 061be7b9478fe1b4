import { dim, green, padEnd, red } from "../src/simulator/cli/terminal.ts";

export interface Row {
  what: string;
  figure: string;
  /** "" if there is none. */
  target: string;
  /** null if there is no target. */
  reached: boolean | null;
}

/** One aligned line per row, followed by its target. */
export function lines(rows: readonly Row[]): string[] {
  const widest = Math.max(...rows.map(({ what }) => what.length));
  const figures = Math.max(...rows.map(({ figure }) => figure.length));
  return rows.map(({ what, figure, target, reached }) => {
    const mark = reached === null ? " " : reached ? green("✓") : red("✗");
    return `  ${mark} ${padEnd(what, widest)}   ${padEnd(figure, figures)}   ${dim(target)}`.trimEnd();
  });
}

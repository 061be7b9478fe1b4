import { dim, green, padEnd, red } from "../src/simulator/cli/terminal.ts";

export interface Row {
  what: string;
  figure: string;
  /** "" where there is none. */
  target: string;
  /** null where there is no target. */
  reached: boolean | null;
}

/** One line a row, aligned; the target behind it. */
export function lines(rows: readonly Row[]): string[] {
  const widest = Math.max(...rows.map(({ what }) => what.length));
  const figures = Math.max(...rows.map(({ figure }) => figure.length));
  return rows.map(({ what, figure, target, reached }) => {
    const mark = reached === null ? " " : reached ? green("✓") : red("✗");
    return `  ${mark} ${padEnd(what, widest)}   ${padEnd(figure, figures)}   ${dim(target)}`.trimEnd();
  });
}

/** Calm terminal output: aligned columns, colors only where they are supported, one line that shows progress. */
import { stripVTControlCharacters, styleText } from "node:util";

/** `styleText` leaves out the escapes where standard output has no colors (no terminal, NO_COLOR, TERM=dumb). */
const style =
  (format: Parameters<typeof styleText>[0]) =>
  (text: string): string =>
    styleText(format, text);

export const bold = style("bold");
export const dim = style("dim");
export const red = style("red");
export const green = style("green");
export const yellow = style("yellow");

/** Columns on the screen. Our own output has no wide characters. */
const width = (text: string): number => stripVTControlCharacters(text).length;

export const padEnd = (text: string, columns: number): string => text + " ".repeat(Math.max(0, columns - width(text)));
export const padStart = (text: string, columns: number): string =>
  " ".repeat(Math.max(0, columns - width(text))) + text;

/** Line ends, escape sequences and marks that change the text direction: in other people's text, the terminal would obey them. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Other people's text on one line, without control characters: a line break is `\n`, an escape `\u001b`. */
export const plain = (text: string): string =>
  text.replaceAll(CONTROLS, (character) => {
    const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
    return short ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });

/** UTC with the letter Z: `2026-11-20 09:00:10.000Z`. */
export const time = (ms: number): string => new Date(ms).toISOString().replace("T", " ");

export interface Column {
  title: string;
  align?: "left" | "right";
}

/** A table with a header row and two spaces between columns. */
export function table(titles: readonly (Column | string)[], rows: readonly (readonly string[])[]): string {
  const columns = titles.map((column): Column => (typeof column === "string" ? { title: column } : column));
  const widths = columns.map(({ title }, index) =>
    Math.max(width(title), ...rows.map((row) => width(row[index] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => (align === "right" ? padStart : padEnd)(cells[index] ?? "", widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  return [dim(line(columns.map(({ title }) => title))), ...rows.map(line)].join("\n");
}

/** Writes a line to standard output. */
export const say = (line = ""): void => {
  process.stdout.write(`${line}\n`);
};

/** Writes a line about a problem to standard error. */
export const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** If the output is not a terminal, a log shows progress this often. */
const LOG_EVERY_MS = 15_000;

/** A line that shows progress and is overwritten. If the output is not a terminal, it is a new line every 15 seconds. */
export function liveLine(): { show: (text: string) => void; done: (text?: string) => void } {
  let loggedAt = Number.NEGATIVE_INFINITY;
  const live = process.stdout.isTTY;
  return {
    show(text) {
      if (live) process.stdout.write(`\r\u001b[2K${text}`);
      else if (performance.now() - loggedAt >= LOG_EVERY_MS) {
        say(text);
        loggedAt = performance.now();
      }
    },
    done(text) {
      if (live) process.stdout.write("\r\u001b[2K");
      if (text !== undefined) say(text);
    },
  };
}

/** `1234` → `1.2 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

/** A count with its noun. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** Work that takes longer shows progress. */
const PATIENCE_MS = 2000;

/** Shows `message` on `line` when `again` was called more than two seconds ago. */
export function showWhileWaiting(
  line: ReturnType<typeof liveLine>,
  message: string,
  waits: () => boolean = () => true,
): { again: () => void; end: () => void } {
  let since = Date.now();
  const timer = setInterval(() => {
    const elapsed = Date.now() - since;
    if (elapsed >= PATIENCE_MS && waits()) line.show(`${message} … ${dim(duration(elapsed))}`);
  }, 500);
  return {
    again: () => {
      since = Date.now();
    },
    end: () => clearInterval(timer),
  };
}

/** Waits for `work`, and shows `message` after two seconds. */
export async function withProgress<T>(message: string, work: Promise<T>): Promise<T> {
  const line = liveLine();
  const waiting = showWhileWaiting(line, message);
  try {
    return await work;
  } finally {
    waiting.end();
    line.done();
  }
}

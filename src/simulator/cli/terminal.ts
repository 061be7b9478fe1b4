/** Calm terminal output: aligned columns, colours only where they are wanted, one line that moves. */

const colours = process.stdout.isTTY && process.env["NO_COLOR"] === undefined && process.env["TERM"] !== "dumb";

const paint =
  (open: number, close: number) =>
  (text: string): string =>
    colours ? `\u001b[${open}m${text}\u001b[${close}m` : text;

export const bold = paint(1, 22);
export const dim = paint(2, 22);
export const red = paint(31, 39);
export const green = paint(32, 39);
export const yellow = paint(33, 39);

const ESCAPES = /\u001b\[\d+m/g; // oxlint-disable-line no-control-regex -- these are the escapes written above

/** Columns on screen, without escapes. Wide characters are not used in our own output. */
const width = (text: string): number => text.replaceAll(ESCAPES, "").length;

export const padEnd = (text: string, columns: number): string => text + " ".repeat(Math.max(0, columns - width(text)));
export const padStart = (text: string, columns: number): string =>
  " ".repeat(Math.max(0, columns - width(text))) + text;

/** Ends of lines, escape sequences and marks that turn the direction of text: in what others wrote, they would be obeyed. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text of others, on one line and as harmless as it looks: a line break is `\n`, an escape `\u001b`. */
export const plain = (text: string): string =>
  text.replaceAll(CONTROLS, (character) => {
    const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
    return short ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });

/** UTC, and saying so: `2026-11-20 09:00:10.000Z`. */
export const time = (ms: number): string => new Date(ms).toISOString().replace("T", " ");

export interface Column {
  title: string;
  align?: "left" | "right";
}

/** A table with a head and two spaces between columns. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
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

/** Lines that stay. */
export const say = (line = ""): void => {
  process.stdout.write(`${line}\n`);
};

/** Lines for problems, on standard error. */
export const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Where the output is no terminal, a log should show that something goes on, and not much more. */
const LOG_EVERY_MS = 15_000;

/** A line that is written over while something goes on; where the output is no terminal, a new one now and then. */
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

/** Nobody wonders before that. */
const PATIENCE_MS = 2000;

/** Shows `message` on `line` when two seconds have passed since `again`, so that nothing long is silent. */
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

/** Runs `work` with a message that shows after two seconds. */
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

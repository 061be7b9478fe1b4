/** A command of `npm run meta`: its options, help and what it does. */
import { parseArgs } from "node:util";
import { Given } from "../notifications/kinds/notification-kind.ts";
import type { KindOption } from "../notifications/kinds/notification-kind.ts";
import { bold, dim, padEnd } from "./terminal.ts";

export interface Command {
  name: string;
  /** What stands after the name: `<url>`, `<name>` … Without it, nothing does. */
  takes?: string;
  summary: string;
  /** Command lines that work, without `npm run meta --`. The first is shown beside an error. */
  examples: readonly string[];
  options: Readonly<Record<string, KindOption>>;
  /** Gives the exit status. */
  run: (given: Given, positionals: readonly string[]) => Promise<number>;
}

/** A command line that cannot be carried out. Shown with an example, exit status 2. */
export class UsageError extends Error {
  /** A command line that helps more than the command's own example. */
  readonly example: string | null;

  constructor(message: string, example: string | null = null) {
    super(message);
    this.name = "UsageError";
    this.example = example;
  }
}

export const PROGRAM = "npm run meta --";

/** Reads a command's options. What is wrong with them is said in plain words. */
export function readOptions(
  options: Readonly<Record<string, KindOption>>,
  argv: readonly string[],
): { given: Given; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: Object.fromEntries(
        Object.entries(options).map(([name, { type, multiple }]) => [name, { type, multiple: multiple === true }]),
      ),
      allowPositionals: true,
      strict: true,
    });
    return { given: new Given(values), positionals };
  } catch (error) {
    throw new UsageError(inPlainWords(error as Error & { code?: string }, Object.keys(options)));
  }
}

/** Node's own words are about its parser; these are about the command line. */
function inPlainWords({ code, message }: Error & { code?: string }, known: readonly string[]): string {
  const [, name = ""] = /'(?:-\w, )?(-[^' ]*)/.exec(message) ?? [];
  switch (code) {
    case "ERR_PARSE_ARGS_UNKNOWN_OPTION": {
      const close = known.filter((option) => similar(option, name.replace(/^-+/, ""))).map((option) => `--${option}`);
      return `there is no option ${name}${close.length === 0 ? "" : `; did you mean ${close.join(" or ")}?`}`;
    }
    case "ERR_PARSE_ARGS_INVALID_OPTION_VALUE":
      if (message.includes("does not take an argument")) return `${name} takes no value`;
      return `${name} needs a value; one that begins with a dash is written ${name}=-…`;
    default:
      return message;
  }
}

/** The beginning is the same, or the same letters are there with one more, one less or one other. */
export function similar(word: string, typed: string): boolean {
  if (typed.length < 2) return false;
  if (word.startsWith(typed.slice(0, 3)) || (typed.length > 3 && word.includes(typed))) return true;
  let same = 0;
  while (same < word.length && word[same] === typed[same]) same += 1;
  let tail = 0;
  while (tail < Math.min(word.length, typed.length) - same && word.at(-1 - tail) === typed.at(-1 - tail)) tail += 1;
  return Math.max(word.length, typed.length) - same - tail <= 1;
}

/** Of options that exclude each other, one may be given, with what goes with it: an option that is ignored misleads. */
export function exclusive(given: Given, parts: Readonly<Record<string, readonly string[]>>): void {
  const all = new Set([...Object.keys(parts), ...Object.values(parts).flat()]);
  const main = Object.keys(parts).find((name) => given.has(name));
  if (main === undefined) return;
  for (const name of all) {
    if (name === main || !given.has(name) || parts[main]?.includes(name)) continue;
    throw new UsageError(`--${main} and --${name} exclude each other`);
  }
}

/** Refuses words that nobody reads. */
export function noPositionals(command: Command, positionals: readonly string[]): void {
  if (command.takes !== undefined || positionals.length === 0) return;
  const hint = "text" in command.options ? 'Texts go into --text "…"' : `${command.name} takes options only`;
  throw new UsageError(`what is "${positionals.join(" ")}"? ${hint}`);
}

/** The one positional that a command takes. */
export function onlyPositional(command: Command, positionals: readonly string[]): string {
  const [first, second] = positionals;
  if (first === undefined) throw new UsageError(`${command.name} needs ${command.takes ?? "an argument"}`);
  if (second !== undefined)
    throw new UsageError(`${command.name} takes one ${command.takes ?? "argument"}, not also "${second}"`);
  return first;
}

export function helpOf(command: Command): string {
  const takes = command.takes === undefined ? "" : ` ${command.takes}`;
  const names = Object.keys(command.options);
  const width = Math.max(0, ...names.map((name) => name.length)) + 4;
  const options = Object.entries(command.options).map(
    ([name, { about, type }]) =>
      `  ${padEnd(`--${name}`, width)}${about}${type === "boolean" ? dim(" (yes or no)") : ""}`,
  );
  return [
    bold(`${PROGRAM} ${command.name}${takes}`),
    `  ${command.summary}`,
    ...(options.length === 0 ? [] : ["", ...options]),
    "",
    dim("  For example"),
    ...command.examples.map((example) => `  ${PROGRAM} ${example}`),
  ].join("\n");
}

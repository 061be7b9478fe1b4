/** A command of `npm run meta`: its options, help and what it does. */
import { parseArgs } from "node:util";
import { Given } from "../notifications/kinds/kind.ts";
import type { KindOption } from "../notifications/kinds/kind.ts";
import { bold, dim, padEnd } from "./terminal.ts";

export interface Command {
  name: string;
  /** What stands after the name: `<url>`, `<name>` … */
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
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
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
    const { message } = error as Error;
    // Node explains how to write a positional that begins with a dash; that is not what went wrong here.
    throw new UsageError((message.split(". To specify")[0] ?? message).replace(/\.$/, ""));
  }
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

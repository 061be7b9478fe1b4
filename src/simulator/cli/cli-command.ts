/** A command of `npm run meta` as data, and its form in commander, which parses the arguments and prints the help. */
import { Command, Option } from "commander";
import { OptionValues, UsageError, type KindOption } from "../notifications/kinds/notification-kind.ts";
import { bold, dim } from "./terminal.ts";

export interface CliCommand {
  name: string;
  /** The argument after the name: `<url>` is required, `[file]` is optional. Most commands have none. */
  argument?: string;
  summary: string;
  /** Command lines that work, without `npm run meta --`. An error message shows one of them. */
  examples: readonly string[];
  options: Readonly<Record<string, KindOption>>;
  /** @returns the exit status */
  run: (values: OptionValues, argument: string) => Promise<number>;
}

export const PROGRAM = "npm run meta --";

/** Adds a command to `program`. `finished` gets the exit status of a command that ran. */
export function addCommand(program: Command, command: CliCommand, finished: (status: number) => void): Command {
  const made = program.command(command.name).description(command.summary);
  if (command.argument !== undefined) made.argument(command.argument);
  addOptions(made, command.options);
  const examples = command.examples.map((example) => `  ${PROGRAM} ${example}`);
  made.addHelpText("after", `\n${bold("Examples:")}\n${examples.join("\n")}`);
  // The check below names the argument; commander's own message only counts.
  made.allowExcessArguments();
  return made.action(async () => {
    const allowed = command.argument === undefined ? 0 : 1;
    const extra = made.args[allowed];
    if (extra !== undefined) throw new UsageError(`unexpected argument "${extra}"${hintFor(command)}`);
    finished(await command.run(valuesOf(made, command.options), made.args[0] ?? ""));
  });
}

const hintFor = ({ options, argument }: CliCommand): string => {
  if (argument !== undefined) return `; the command takes one ${argument.replaceAll(/[<>[\]]/g, "")}`;
  return "text" in options ? '; use --text "…" for text' : "; the command takes options only";
};

/** Reads `argv` as the options of a notification kind. */
export function readOptions(options: Readonly<Record<string, KindOption>>, argv: readonly string[]): OptionValues {
  const command = addOptions(new Command().exitOverride(), options);
  return valuesOf(command.parse(argv, { from: "user" }), options);
}

function addOptions(command: Command, options: Readonly<Record<string, KindOption>>): Command {
  const names = Object.keys(options).map((name) => `--${name}`);
  for (const [name, { type, about, multiple, conflicts = [] }] of Object.entries(options)) {
    const option = new Option(type === "boolean" ? `--${name}` : `--${name} <value>`, about);
    option.conflicts(conflicts.map((other) => new Option(`--${other}`).attributeName()));
    if (type === "string") {
      option.argParser<string | string[] | undefined>((value, before) => {
        // Without this check, `--text --print` would send "--print" as the text.
        if (names.includes(value)) throw new UsageError(`--${name} needs a value, and ${value} is another option`);
        return multiple === true ? [...(Array.isArray(before) ? before : []), value] : value;
      });
    }
    command.addOption(option);
  }
  return command;
}

function valuesOf(command: Command, options: Readonly<Record<string, KindOption>>): OptionValues {
  const parsed = command.opts<Record<string, string | boolean | string[] | undefined>>();
  const entries = Object.keys(options).map((name) => {
    const option = new Option(`--${name}`);
    const value = parsed[option.attributeName()];
    // commander reads `--no-video` as `video: false`.
    return [name, option.negate ? (value === false ? true : undefined) : value] as const;
  });
  return new OptionValues(Object.fromEntries(entries));
}

/** The program without commands. Errors are thrown, and `run` (program.ts) prints them. */
export function createProgram(): Command {
  return new Command(PROGRAM)
    .description("The Meta simulator. Guide: docs/simulator.md")
    .usage("<command> [options]")
    .addHelpCommand(new Command("help").argument("[command]").description("show the options of a command"))
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ styleTitle: bold, styleDescriptionText: (text) => text, subcommandTerm: (one) => one.name() })
    .addHelpText("after", dim(`\n${PROGRAM} <command> --help shows the options of a command.`));
}

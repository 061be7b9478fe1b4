/** Finds the command that a command line asks for, and runs it. */
import { OptionError } from "../notifications/kinds/notification-kind.ts";
import { helpOf, noPositionals, PROGRAM, readOptions, similar, UsageError } from "./command-options.ts";
import type { Command } from "./command-options.ts";
import { RequestFailed } from "./api-clients.ts";
import { ACCOUNT_COMMANDS } from "./commands/account-commands.ts";
import { CONFORM_COMMAND } from "./commands/conform-command.ts";
import { LOOK_COMMANDS } from "./commands/inspect-commands.ts";
import { NOTIFY_COMMANDS, SEND_COMMAND } from "./commands/notification-commands.ts";
import { PLAY_COMMAND } from "./commands/scenario-command.ts";
import { START_COMMAND } from "./commands/start-command.ts";
import { STEER_COMMANDS } from "./commands/control-commands.ts";
import { bold, complain, dim, padEnd, red, say } from "./terminal.ts";

const GROUPS: readonly { title: string; commands: readonly Command[] }[] = [
  { title: "Run and check", commands: [START_COMMAND, CONFORM_COMMAND, PLAY_COMMAND] },
  { title: "Notify", commands: [...NOTIFY_COMMANDS, SEND_COMMAND] },
  {
    title: "Steer and look (needs a running simulator)",
    commands: [...ACCOUNT_COMMANDS, ...STEER_COMMANDS, ...LOOK_COMMANDS],
  },
];

const COMMANDS = GROUPS.flatMap(({ commands }) => commands);

const COLUMN = 18;

function help(): string {
  const parts = [`${bold(`${PROGRAM} <command>`)}   ${dim("Meta in a box: docs/simulator.md")}`];
  for (const { title, commands } of GROUPS) {
    parts.push("", bold(title), ...commands.map(({ name, summary }) => `  ${padEnd(name, COLUMN)}${summary}`));
  }
  parts.push("", dim(`${PROGRAM} <command> --help shows its options.`));
  return parts.join("\n");
}

/** Takes the arguments after the program's name; gives the exit status. */
export async function run(argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    say(help());
    return first === undefined ? 2 : 0;
  }
  // `npm run meta -- --file body.json` sends the file.
  if (first === "--file") return runCommand(SEND_COMMAND, argv);
  const command = COMMANDS.find(({ name }) => name === first);
  if (command === undefined) {
    const close = COMMANDS.filter(({ name }) => similar(name, first));
    complain(red(`There is no command "${first}".`));
    complain(
      close.length === 0
        ? dim(`${PROGRAM} --help lists them all.`)
        : dim(`Did you mean ${close.map(({ name }) => name).join(", ")}?`),
    );
    return 2;
  }
  return runCommand(command, rest);
}

/** The example that shows an option which the message names; else the first. */
function exampleFor({ examples, name }: Command, message: string): string {
  const named = message.match(/--[a-z][a-z-]*/g) ?? [];
  return (
    examples.find((example) => named.some((option) => `${example} `.includes(`${option} `))) ?? examples[0] ?? name
  );
}

async function runCommand(command: Command, argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    say(helpOf(command));
    return 0;
  }
  try {
    const { given, positionals } = readOptions(command.options, argv);
    noPositionals(command, positionals);
    return await command.run(given, positionals);
  } catch (error) {
    const own = error instanceof UsageError ? error.example : null;
    // What the simulator refuses as badly asked was in the command line.
    const badlyAsked = error instanceof RequestFailed && error.status === 400;
    if (error instanceof UsageError || error instanceof OptionError || badlyAsked) {
      complain(red(error.message));
      complain(dim(`For example: ${PROGRAM} ${own ?? exampleFor(command, error.message)}`));
      complain(dim(`Options:     ${PROGRAM} ${command.name} --help`));
      return 2;
    }
    if (error instanceof RequestFailed) {
      complain(red(error.message));
      return 1;
    }
    throw error;
  }
}

/** Finds the command that a command line names, and runs it. */
import { CommanderError } from "commander";
import { UsageError } from "../notifications/kinds/notification-kind.ts";
import { RequestFailed } from "./api-clients.ts";
import { addCommand, createProgram, PROGRAM, type CliCommand } from "./cli-command.ts";
import { ACCOUNT_COMMANDS } from "./commands/account-commands.ts";
import { CONFORM_COMMAND } from "./commands/conform-command.ts";
import { CONTROL_COMMANDS } from "./commands/control-commands.ts";
import { INSPECT_COMMANDS } from "./commands/inspect-commands.ts";
import { NOTIFY_COMMANDS, SEND_COMMAND } from "./commands/notification-commands.ts";
import { SCENARIO_COMMAND } from "./commands/scenario-command.ts";
import { START_COMMAND } from "./commands/start-command.ts";
import { complain, dim, red } from "./terminal.ts";

const GROUPS: Readonly<Record<string, readonly CliCommand[]>> = {
  "Run and check:": [START_COMMAND, CONFORM_COMMAND, SCENARIO_COMMAND],
  "Send notifications:": [...NOTIFY_COMMANDS, SEND_COMMAND],
  "Control and inspect a running simulator:": [...ACCOUNT_COMMANDS, ...CONTROL_COMMANDS, ...INSPECT_COMMANDS],
};
const COMMANDS = Object.values(GROUPS).flat();

/** Exit status of a command line that cannot be read. */
const USAGE = 2;

/**
 * Runs the command that `argv` names.
 *
 * @param argv the arguments after the program's name
 * @returns the exit status: 2 for a wrong command line, 1 for a failure
 */
export async function run(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = createProgram();
  for (const [title, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(title);
    for (const command of commands) {
      addCommand(program, command, (result) => {
        status = result;
      });
    }
  }
  if (argv.length === 0) {
    program.outputHelp();
    return USAGE;
  }
  // `npm run meta -- --file body.json` sends the file.
  const line = argv[0] === "--file" ? [SEND_COMMAND.name, ...argv] : argv;
  try {
    await program.parseAsync(line, { from: "user" });
    return status;
  } catch (error) {
    return reportError(
      error,
      COMMANDS.find(({ name }) => name === line[0]),
    );
  }
}

function reportError(error: unknown, command: CliCommand | undefined): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  // With status 400, the simulator refuses a value from the command line.
  const isUsage =
    error instanceof UsageError ||
    error instanceof CommanderError ||
    (error instanceof RequestFailed && error.status === 400);
  if (!isUsage && !(error instanceof RequestFailed)) throw error;
  const message = messageOf(error, command);
  complain(red(message));
  if (!isUsage) return 1;
  if (command === undefined) complain(dim(`${PROGRAM} --help lists the commands.`));
  else {
    const own = error instanceof UsageError ? error.example : null;
    complain(dim(`For example: ${PROGRAM} ${own ?? exampleFor(command, message)}`));
    complain(dim(`Options:     ${PROGRAM} ${command.name} --help`));
  }
  return USAGE;
}

/** commander calls `--live=yes` an unknown option, although the option exists and takes no value. */
function messageOf(error: Error, command: CliCommand | undefined): string {
  const [, flag = ""] = /unknown option '--([\w-]+)=/.exec(error.message) ?? [];
  if (command?.options[flag]?.type === "boolean") return `--${flag} takes no value`;
  return error.message.replace(/^error: /, "");
}

/** The example that shows an option from the message; else the first example. */
function exampleFor({ examples, name }: CliCommand, message: string): string {
  const named = message.match(/--[a-z][a-z-]*/g) ?? [];
  const found = examples.find((example) => named.some((option) => `${example} `.includes(`${option} `)));
  return found ?? examples[0] ?? name;
}

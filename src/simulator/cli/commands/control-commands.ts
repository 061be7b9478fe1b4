/** Commands that make a running simulator misbehave, or behave otherwise. */
import { FAULT_TARGETS } from "../../graph/injected-fault.ts";
import type { Fault } from "../../graph/injected-fault.ts";
import { flag, option, OptionError, present } from "../../notifications/kinds/notification-kind.ts";
import type { Given } from "../../notifications/kinds/notification-kind.ts";
import { exclusive, onlyPositional, UsageError } from "../command-options.ts";
import type { Command } from "../command-options.ts";
import type { SimulatorStatus } from "../api-clients.ts";
import { META_OPTION as meta, needSimulator } from "../send/find-sender.ts";
import { duration, green, say } from "../terminal.ts";
import { faultInWords, settingLines } from "./inspect-commands.ts";

const number = (given: Given, name: string): number | undefined => {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new OptionError(`--${name} must be a number, not "${text}"`);
  return value;
};

const fault: Command = {
  name: "fault",
  summary: "orders misbehaviour of the Graph API: an error, a timeout or a delay",
  examples: [
    "fault --on private_reply --code 613",
    "fault --on message --code 1 --subcode 1357046 --after --times 1",
    "fault --on any --timeout 30 --share 0.1",
    "fault --clear",
  ],
  options: {
    on: option(FAULT_TARGETS.join(", ")),
    code: option("the error's code"),
    subcode: option("the error's subcode"),
    status: option("the HTTP status, where it is not Meta's usual one"),
    timeout: option("seconds without an answer"),
    delay: option("milliseconds before the right answer"),
    after: flag("although the message went out"),
    times: option("how many calls it hits (default: until --clear)"),
    share: option("of the calls that match, this share: 0 to 1"),
    account: option("only calls of this account"),
    clear: flag("ends all faults"),
    meta,
  },
  async run(given) {
    exclusive(given, FAULT_PARTS);
    if (given.flag("clear")) {
      await (await needSimulator(given)).control("DELETE", "/faults");
      say(`${green("✓")} the Graph API behaves`);
      return 0;
    }
    const after = given.flag("after");
    const code = number(given, "code");
    const timeout = number(given, "timeout");
    const delay = number(given, "delay");
    const does =
      code !== undefined
        ? {
            kind: "error",
            code,
            after,
            ...present({ subcode: number(given, "subcode"), status: number(given, "status") }),
          }
        : timeout !== undefined
          ? { kind: "timeout", holdMs: timeout * 1000, after }
          : delay === undefined
            ? null
            : { kind: "delay", ms: delay };
    if (does === null) throw new UsageError("--code, --timeout or --delay says what happens");
    const order = {
      on: given.oneOf("on", FAULT_TARGETS) ?? "any",
      does,
      ...present({ times: number(given, "times"), share: number(given, "share"), accountId: given.text("account") }),
    };
    const simulator = await needSimulator(given);
    const made = await simulator.control<Fault>("POST", "/faults", order);
    say(`${green("✓")} ${faultInWords(made)}`);
    return 0;
  },
};

/** What can be said beside each of these; two of them at once would be two faults. */
const FAULT_PARTS: Readonly<Record<string, readonly string[]>> = {
  code: ["subcode", "status", "after", "times", "share", "account", "on"],
  timeout: ["after", "times", "share", "account", "on"],
  delay: ["times", "share", "account", "on"],
  clear: [],
};

const behave: Command = {
  name: "behave",
  summary: "sets echoes, the retry regime and what is not documented",
  examples: ["behave --echoes lost", "behave --regime messenger --speed 600", "behave --second-reply 10900"],
  options: {
    echoes: option("sent or lost"),
    "echo-delay": option("milliseconds until an echo"),
    regime: option("graph (36 h) or messenger (alert after 15 min, off after an hour)"),
    speed: option("retries so many times faster than Meta"),
    "second-reply": option("code or code/subcode that a second private reply is answered with"),
    "unknown-comments": option("accept or refuse private replies to comments that were never seen"),
    "human-agent": option("on or off: the app has the HUMAN_AGENT feature"),
    meta,
  },
  async run(given) {
    const unknown = given.oneOf("unknown-comments", ["accept", "refuse"] as const);
    const human = given.oneOf("human-agent", ["on", "off"] as const);
    const change = {
      ...present({ regime: given.oneOf("regime", ["graph", "messenger"] as const), speed: number(given, "speed") }),
      echoes: present({ mode: given.oneOf("echoes", ["sent", "lost"] as const), delayMs: number(given, "echo-delay") }),
      rules: present({
        secondPrivateReply: errorCode(given, "second-reply"),
        acceptUnknownComments: unknown === undefined ? undefined : unknown === "accept",
        humanAgent: human === undefined ? undefined : human === "on",
      }),
    };
    const simulator = await needSimulator(given);
    const settings = await simulator.control<SimulatorStatus["settings"]>("PUT", "/settings", change);
    for (const line of settingLines(settings)) say(line);
    return 0;
  },
};

/** `10900` or `100/2534025`. */
function errorCode(given: Given, name: string): { code: number; subcode: number | null } | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const [, code, subcode] = /^(\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (code === undefined) throw new OptionError(`--${name} must be a code or code/subcode, not "${text}"`);
  return { code: Number(code), subcode: subcode === undefined ? null : Number(subcode) };
}

const outage: Command = {
  name: "outage",
  takes: "<seconds>",
  summary: "Meta is down: the Graph API answers 2 and no notification leaves; 0 ends it",
  examples: ["outage 120", "outage 0"],
  options: { meta },
  async run(given, positionals) {
    const seconds = Number(onlyPositional(outage, positionals));
    if (!(seconds >= 0)) throw new UsageError("outage takes a number of seconds");
    const simulator = await needSimulator(given);
    await simulator.control("PUT", "/outage", { seconds });
    say(`${green("✓")} ${seconds === 0 ? "Meta is up" : `Meta is down for ${duration(seconds * 1000)}`}`);
    return 0;
  },
};

const clock: Command = {
  name: "clock",
  takes: "<seconds>",
  summary: "puts the Graph API's clock forward: tokens expire and windows close without waiting",
  examples: ["clock 5184000"],
  options: { meta },
  async run(given, positionals) {
    const advanceSeconds = Number(onlyPositional(clock, positionals));
    if (!Number.isFinite(advanceSeconds)) throw new UsageError("clock takes a number of seconds");
    const simulator = await needSimulator(given);
    const { graphNow } = await simulator.control<{ graphNow: number }>("POST", "/clock", { advanceSeconds });
    say(`${green("✓")} at Meta it is ${new Date(graphNow).toISOString()}`);
    return 0;
  },
};

const reset: Command = {
  name: "reset",
  summary: "forgets everything but the callback URL",
  examples: ["reset"],
  options: { meta },
  async run(given) {
    await (await needSimulator(given)).control("POST", "/reset");
    say(`${green("✓")} empty`);
    return 0;
  },
};

export const STEER_COMMANDS: readonly Command[] = [fault, behave, outage, clock, reset];

/** Commands that change how a running simulator behaves. */
import { FAULT_TARGETS, type Fault } from "../../graph/injected-fault.ts";
import { flag, option, present, UsageError, type OptionValues } from "../../notifications/kinds/notification-kind.ts";
import type { SimulatorStatus } from "../api-clients.ts";
import type { CliCommand } from "../cli-command.ts";
import { META_OPTION as meta, needSimulator } from "../send/find-sender.ts";
import { duration, green, say } from "../terminal.ts";
import { describeFault, settingLines } from "./inspect-commands.ts";

const FAULT_PARTS = ["on", "code", "subcode", "status", "timeout", "delay", "after", "times", "share", "account"];

const fault: CliCommand = {
  name: "fault",
  summary: "make the Graph API fail: an error, a timeout or a delay",
  examples: [
    "fault --on private_reply --code 613",
    "fault --on message --code 1 --subcode 1357046 --after --times 1",
    "fault --on any --timeout 30 --share 0.1",
    "fault --clear",
  ],
  options: {
    on: option(`which calls (default: any): ${FAULT_TARGETS.join(", ")}`),
    code: option("return this error code", ["timeout", "delay"]),
    subcode: option("subcode of the error", ["timeout", "delay"]),
    status: option("HTTP status of the error, if it is not Meta's usual one", ["timeout", "delay"]),
    timeout: option("send no response for this many seconds", ["delay"]),
    delay: option("send the normal response this many milliseconds late", ["after"]),
    after: flag("carry out the call first: the message is sent"),
    times: option("how many calls fail (default: all, until --clear)"),
    share: option("the share of the matching calls that fail, from 0 to 1"),
    account: option("only calls of this account"),
    clear: flag("remove all faults", FAULT_PARTS),
    meta,
  },
  async run(values) {
    if (values.flag("clear")) {
      await (await needSimulator(values)).control("DELETE", "/faults");
      say(`${green("✓")} all faults removed`);
      return 0;
    }
    const order = {
      on: values.oneOf("on", FAULT_TARGETS) ?? "any",
      does: faultAction(values),
      ...present({ times: values.number("times"), share: values.number("share"), accountId: values.text("account") }),
    };
    const simulator = await needSimulator(values);
    const made = await simulator.control<Fault>("POST", "/faults", order);
    say(`${green("✓")} ${describeFault(made)}`);
    return 0;
  },
};

function faultAction(values: OptionValues): object {
  const after = values.flag("after");
  const code = values.number("code");
  const timeout = values.number("timeout");
  const delay = values.number("delay");
  if (code !== undefined) {
    return {
      kind: "error",
      code,
      after,
      ...present({ subcode: values.number("subcode"), status: values.number("status") }),
    };
  }
  if (timeout !== undefined) return { kind: "timeout", holdMs: timeout * 1000, after };
  if (delay !== undefined) return { kind: "delay", ms: delay };
  throw new UsageError("use --code, --timeout or --delay to choose the fault");
}

const behave: CliCommand = {
  name: "behave",
  summary: "set echoes, the retry policy and undocumented rules",
  examples: ["behave --echoes lost", "behave --regime messenger --speed 600", "behave --second-reply 10900"],
  options: {
    echoes: option("sent or lost"),
    "echo-delay": option("milliseconds before an echo is sent"),
    regime: option("the retry policy: graph (36 h) or messenger (alert after 15 min, off after an hour)"),
    speed: option("run the retry schedule this many times faster than Meta"),
    "second-reply": option("the error for a second private reply to a comment: code or code/subcode"),
    "unknown-comments": option("accept or refuse private replies to comments that the simulator does not know"),
    "human-agent": option("on or off: the app has the HUMAN_AGENT feature"),
    meta,
  },
  async run(values) {
    const unknown = values.oneOf("unknown-comments", ["accept", "refuse"] as const);
    const human = values.oneOf("human-agent", ["on", "off"] as const);
    const change = {
      ...present({
        regime: values.oneOf("regime", ["graph", "messenger"] as const),
        speed: values.number("speed"),
      }),
      echoes: present({
        mode: values.oneOf("echoes", ["sent", "lost"] as const),
        delayMs: values.number("echo-delay"),
      }),
      rules: present({
        secondPrivateReply: errorCode(values, "second-reply"),
        acceptUnknownComments: unknown === undefined ? undefined : unknown === "accept",
        humanAgent: human === undefined ? undefined : human === "on",
      }),
    };
    const simulator = await needSimulator(values);
    const settings = await simulator.control<SimulatorStatus["settings"]>("PUT", "/settings", change);
    for (const line of settingLines(settings)) say(line);
    return 0;
  },
};

/** `10900` or `100/2534025`. */
function errorCode(values: OptionValues, name: string): { code: number; subcode: number | null } | undefined {
  const text = values.text(name);
  if (text === undefined) return undefined;
  const [, code, subcode] = /^(\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (code === undefined) throw new UsageError(`--${name} must be a code or code/subcode, not "${text}"`);
  return { code: Number(code), subcode: subcode === undefined ? null : Number(subcode) };
}

const outage: CliCommand = {
  name: "outage",
  argument: "<seconds>",
  summary: "simulate an outage of Meta: Graph API error 2 and no notifications; 0 ends it",
  examples: ["outage 120", "outage 0"],
  options: { meta },
  async run(values, argument) {
    const seconds = Number(argument);
    if (!(seconds >= 0)) throw new UsageError(`the outage must be a number of seconds, not "${argument}"`);
    const simulator = await needSimulator(values);
    await simulator.control("PUT", "/outage", { seconds });
    say(`${green("✓")} ${seconds === 0 ? "the outage is over" : `Meta is down for ${duration(seconds * 1000)}`}`);
    return 0;
  },
};

const clock: CliCommand = {
  name: "clock",
  argument: "<seconds>",
  summary: "move the Graph API's clock forward, so that tokens expire and windows close",
  examples: ["clock 5184000"],
  options: { meta },
  async run(values, argument) {
    const advanceSeconds = Number(argument);
    if (!Number.isFinite(advanceSeconds))
      throw new UsageError(`the clock moves by a number of seconds, not "${argument}"`);
    const simulator = await needSimulator(values);
    const { graphNow } = await simulator.control<{ graphNow: number }>("POST", "/clock", { advanceSeconds });
    say(`${green("✓")} the Graph API's clock shows ${new Date(graphNow).toISOString()}`);
    return 0;
  },
};

const reset: CliCommand = {
  name: "reset",
  summary: "delete everything except the callback URL",
  examples: ["reset"],
  options: { meta },
  async run(values) {
    await (await needSimulator(values)).control("POST", "/reset");
    say(`${green("✓")} the simulator is empty`);
    return 0;
  },
};

export const CONTROL_COMMANDS: readonly CliCommand[] = [fault, behave, outage, clock, reset];

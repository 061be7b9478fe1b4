/** Commands that change how a running simulator behaves. */
import type { ErrorCode } from "../../graph/graph-call.ts";
import { FAULT_TARGETS, type Fault } from "../../graph/injected-fault.ts";
import { OWN_COMMENT_FORMS } from "../../notifications/own-comment.ts";
import {
  flag,
  option,
  options,
  present,
  UsageError,
  type OptionValues,
} from "../../notifications/kinds/notification-kind.ts";
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

const OWN_COMMENTS = [...OWN_COMMENT_FORMS, "in-turn"] as const;

const behave: CliCommand = {
  name: "behave",
  summary: "set echoes, the retry policy and undocumented rules",
  examples: ["behave --echoes lost", "behave --regime messenger --speed 600", "behave --second-reply 10900"],
  options: {
    echoes: option("sent or lost"),
    "echo-delay": option("milliseconds before an echo is sent"),
    regime: option("the retry policy: graph (36 h) or messenger (alert after 15 min, off after an hour)"),
    speed: option("run the retry schedule this many times faster than Meta"),
    "second-reply": option("the error for a second private reply: code, code/subcode, or meta for Meta's own"),
    "unknown-comments": option("accept or refuse private replies to comments that the simulator does not know"),
    "human-agent": option("on or off: the app has the HUMAN_AGENT feature"),
    "require-app-secret": option("on or off: refuse calls without appsecret_proof"),
    "own-comments": option(`how Meta names the author of own comments: ${OWN_COMMENTS.join(", ")}`),
    "automatic-reply": option("the text of Meta's instant reply to every message; off: none"),
    "automatic-delay": option("milliseconds before the instant reply (default: 1000 to 5000)"),
    "refused-link": options("refuse messages with this text in a link, with 508/2534122; off: none; several times"),
    "after-tap": option("for this many seconds after a tap, refuse messages to a person with a private reply"),
    "after-tap-error": option("the error for that: code or code/subcode (default: 10/2534022)"),
    "public-reply-blocks": option("for this many milliseconds after a public reply, refuse the private reply"),
    meta,
  },
  async run(values) {
    const unknown = values.oneOf("unknown-comments", ["accept", "refuse"] as const);
    const human = values.oneOf("human-agent", ["on", "off"] as const);
    const secret = values.oneOf("require-app-secret", ["on", "off"] as const);
    const change = {
      ...present({
        regime: values.oneOf("regime", ["graph", "messenger"] as const),
        speed: values.number("speed"),
        ownComments: values.oneOf("own-comments", OWN_COMMENTS),
        automaticReply: automaticReply(values),
      }),
      echoes: present({
        mode: values.oneOf("echoes", ["sent", "lost"] as const),
        delayMs: values.number("echo-delay"),
      }),
      rules: present({
        secondPrivateReply: values.text("second-reply") === "meta" ? null : errorCode(values, "second-reply"),
        acceptUnknownComments: unknown === undefined ? undefined : unknown === "accept",
        humanAgent: human === undefined ? undefined : human === "on",
        requireAppSecret: secret === undefined ? undefined : secret === "on",
        refusedLinks: values.has("refused-link")
          ? values.list("refused-link").filter((link) => link !== "off")
          : undefined,
        afterTap: afterTap(values),
        publicReplyBlocksMs: values.number("public-reply-blocks"),
      }),
    };
    const simulator = await needSimulator(values);
    const settings = await simulator.control<SimulatorStatus["settings"]>("PUT", "/settings", change);
    for (const line of settingLines(settings)) say(line);
    return 0;
  },
};

/** null: turned off. undefined: unchanged. */
function automaticReply(values: OptionValues): { text: string; delayMs?: number } | null | undefined {
  const text = values.text("automatic-reply");
  if (text === undefined && values.has("automatic-delay")) {
    throw new UsageError("use --automatic-delay with --automatic-reply");
  }
  if (text === undefined || text === "off") return text === undefined ? undefined : null;
  return { text, ...present({ delayMs: values.number("automatic-delay") }) };
}

function afterTap(values: OptionValues): { ms: number; error?: ErrorCode } | undefined {
  const seconds = values.number("after-tap");
  if (seconds === undefined && values.has("after-tap-error"))
    throw new UsageError("use --after-tap-error with --after-tap");
  if (seconds === undefined) return undefined;
  return { ms: seconds * 1000, ...present({ error: errorCode(values, "after-tap-error") }) };
}

/** `10900`, `100/2534025` or `-1/2534023`. */
function errorCode(values: OptionValues, name: string): ErrorCode | undefined {
  const text = values.text(name);
  if (text === undefined) return undefined;
  const [, code, subcode] = /^(-?\d+)(?:\/(\d+))?$/.exec(text) ?? [];
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
    if (!Number.isFinite(advanceSeconds) || advanceSeconds < 0)
      throw new UsageError(`the clock moves forward by a number of seconds, not "${argument}"`);
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

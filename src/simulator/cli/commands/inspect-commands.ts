/** Commands that show the state of a running simulator. */
import type { SentMessage } from "../../graph/graph-state.ts";
import type { Attempt } from "../../delivery/delivery-attempt.ts";
import type { ErrorCode } from "../../graph/graph-call.ts";
import type { Fault } from "../../graph/injected-fault.ts";
import { flag, option, type OptionValues } from "../../notifications/kinds/notification-kind.ts";
import type { SimulatorStatus } from "../api-clients.ts";
import type { CliCommand } from "../cli-command.ts";
import { META_OPTION as meta, needSimulator } from "../send/find-sender.ts";
import { bold, count, dim, duration, padEnd, plain, red, say, table, time, yellow } from "../terminal.ts";
import { describe } from "../send/send-deliveries.ts";

const status: CliCommand = {
  name: "status",
  summary: "show the settings, accounts and totals",
  examples: ["status"],
  options: { meta },
  async run(values) {
    const simulator = await needSimulator(values);
    const state = await simulator.status();
    say(row("Simulator", simulator.url));
    say(row("Callback", state.callback ?? "not set"));
    if (state.accounts.length === 0) say(row("Accounts", "none"));
    state.accounts.forEach(({ id, username, webhooks }, index) => {
      say(row(index === 0 ? "Accounts" : "", `${plain(username)} (${id})${WEBHOOK_STATUS_LABELS[webhooks]}`));
    });
    for (const line of settingLines(state.settings)) say(line);
    const figures = [
      `${count(state.sent, "message")} sent`,
      count(state.calls, "Graph call"),
      `${count(state.waiting, "delivery", "deliveries")} waiting`,
    ];
    say(row("Totals", figures.join(", ")));
    return 0;
  },
};

const log: CliCommand = {
  name: "log",
  summary: "show deliveries and their attempts",
  examples: ["log", "log --open"],
  options: {
    open: flag("only deliveries that wait for a retry"),
    limit: option("show this many of the newest (default: 20)"),
    meta,
  },
  async run(values) {
    const simulator = await needSimulator(values);
    const deliveries = await simulator.deliveries(values.flag("open") ? "?state=waiting" : "");
    for (const delivery of newest(deliveries, values)) {
      say(`${dim(time(delivery.createdAt))} ${describe(delivery)}`);
      // The line above shows the last attempt already.
      if (delivery.attempts.length > 1) delivery.attempts.forEach((attempt, index) => say(attemptLine(attempt, index)));
      if (delivery.nextAttemptAt !== null) say(dim(`${INDENT}next ${time(delivery.nextAttemptAt)}`));
    }
    if (deliveries.length === 0) say(values.flag("open") ? "No deliveries are waiting." : "No deliveries.");
    sayRemaining(deliveries.length, values);
    return 0;
  },
};

const calls: CliCommand = {
  name: "calls",
  summary: "show the calls to the Graph API",
  examples: ["calls", "calls --limit 100"],
  options: { limit: option("show this many of the newest (default: 20)"), meta },
  async run(values) {
    const simulator = await needSimulator(values);
    const { calls: total, lastCall } = await simulator.status();
    const shown = await simulator.calls(Math.max(0, lastCall - limitOf(values)));
    const rows = shown.map((call) => [
      time(call.at),
      call.operation,
      call.accountId ?? "",
      plain(call.commentId ?? call.personId ?? ""),
      call.status === 200 ? String(call.status) : red(`${call.status} ${call.code ?? ""}`),
      call.fault ?? "",
    ]);
    say(total === 0 ? "No calls." : table(["time", "call", "account", "about", "response", "fault"], rows));
    sayRemaining(total, values);
    return 0;
  },
};

const sent: CliCommand = {
  name: "sent",
  summary: "show the messages and replies that the Graph API accepted",
  examples: ["sent"],
  options: { limit: option("show this many of the newest (default: 20)"), meta },
  async run(values) {
    const simulator = await needSimulator(values);
    const all = await simulator.sent();
    const rows = newest(all, values).map((message: SentMessage) => [
      time(message.at),
      message.kind.replace("_", " "),
      plain(message.commentId ?? message.personId),
      plain(message.text ?? ""),
    ]);
    say(all.length === 0 ? "Nothing sent." : table(["time", "kind", "to", "text"], rows));
    sayRemaining(all.length, values);
    return 0;
  },
};

const figure = (value: number): string => value.toLocaleString("en");

/** The width of a time and a mark. */
const INDENT = " ".repeat(27);

const attemptLine = (attempt: Attempt, index: number): string =>
  dim(
    `${INDENT}${String(index + 1).padStart(2)}  ${time(attempt.at)}  ${attempt.status ?? attempt.problem} in ${duration(attempt.durationMs)}`,
  );

const limitOf = (values: OptionValues): number => values.whole("limit") ?? 20;

/** The newest items, up to --limit. */
const newest = <T>(items: readonly T[], values: OptionValues): readonly T[] =>
  items.slice(Math.max(0, items.length - limitOf(values)));

/** The line below a list that is cut off. */
function sayRemaining(total: number, values: OptionValues): void {
  const limit = limitOf(values);
  if (limit < total) say(dim(`Showing the newest ${figure(limit)} of ${figure(total)}. Use --limit to show more.`));
}

const LABEL_COLUMNS = 11;
const row = (label: string, value: string): string => `${bold(padEnd(label, LABEL_COLUMNS))}${value}`;

const WEBHOOK_STATUS_LABELS: Readonly<Record<SimulatorStatus["accounts"][number]["webhooks"], string>> = {
  fine: "",
  failing: yellow("  deliveries are failing"),
  alert: yellow("  Meta sent an alert: deliveries have failed for 15 minutes"),
  off: red("  webhooks are off after an hour of failures; turn them on with `subscribe`"),
};

const RETRY_POLICY_LABELS = {
  graph: "for 36 hours, with decreasing frequency",
  messenger: "for an hour, with an alert after 15 minutes; then webhooks are off",
};

/** One line for each setting. Faults and outages appear only if there are any. */
export function settingLines(settings: SimulatorStatus["settings"]): string[] {
  const { regime, speed, echoes, rules, faults, outageUntil, clockOffsetMs } = settings;
  const lost = echoes.lostShare > 0 ? `, ${echoes.lostShare * 100} % of them lost` : "";
  const left = outageUntil === null ? 0 : outageUntil - Date.now();
  return [
    row(
      "Retries",
      `${RETRY_POLICY_LABELS[regime]} ${dim(`(${regime})`)}${speed === 1 ? "" : `, ${figure(speed)} times faster`}`,
    ),
    row("Echoes", echoes.mode === "lost" ? "lost" : `after ${duration(echoes.delayMs)}${lost}`),
    row(
      "Rules",
      `a second private reply: ${rules.secondPrivateReply === null ? "as Meta" : errorName(rules.secondPrivateReply)}; ` +
        `unknown comments: ${rules.acceptUnknownComments ? "accepted" : "refused"}; ` +
        `HUMAN_AGENT: ${rules.humanAgent ? "on" : "off"}`,
    ),
    ...specialRules(settings).map((text) => row("", text)),
    ...faults
      .filter(({ times }) => times !== 0)
      .map((fault, index) => row(index === 0 ? "Faults" : "", yellow(describeFault(fault)))),
    ...(left > 0 ? [row("Outage", red(`Meta is down for ${duration(left)} more`))] : []),
    ...(clockOffsetMs === 0 ? [] : [row("Clock", `${duration(clockOffsetMs)} ahead`)]),
  ];
}

const errorName = ({ code, subcode }: ErrorCode): string => (subcode === null ? `${code}` : `${code}/${subcode}`);

/** Only what differs from the first settings. */
function specialRules({ rules, ownComments, automaticReply }: SimulatorStatus["settings"]): string[] {
  const { afterTap, publicReplyBlocksMs, refusedLinks, requireAppSecret } = rules;
  return [
    ...(ownComments === "usual" ? [] : [`own comments: ${ownComments}`]),
    ...(automaticReply === null ? [] : [`an automatic reply to every message: "${automaticReply.text}"`]),
    ...(requireAppSecret ? ["Require App Secret: on"] : []),
    ...(refusedLinks.length === 0 ? [] : [`refused links: ${refusedLinks.join(", ")}`]),
    ...(afterTap.ms === 0 ? [] : [`for ${duration(afterTap.ms)} after a tap: ${errorName(afterTap.error)}`]),
    ...(publicReplyBlocksMs === 0
      ? []
      : [`no private reply for ${duration(publicReplyBlocksMs)} after a public reply`]),
  ];
}

/** `fault-1: private_reply returns 613, after the call is carried out, once`. */
export function describeFault({ id, on, does, times, share, accountId }: Fault): string {
  const what =
    does.kind === "error"
      ? `returns ${does.code}${does.subcode === null ? "" : `/${does.subcode}`}`
      : does.kind === "timeout"
        ? `gets no response for ${duration(does.holdMs)}`
        : `gets the response ${duration(does.ms)} late`;
  return [
    `${id}: ${on === "any" ? "any call" : on} ${what}`,
    ...(does.kind !== "delay" && does.after ? ["after the call is carried out"] : []),
    ...(times === null ? [] : [times === 1 ? "once" : `${figure(times)} times`]),
    ...(share === 1 ? [] : [`${share * 100} % of the calls`]),
    ...(accountId === null ? [] : [`account ${accountId}`]),
  ].join(", ");
}

export const INSPECT_COMMANDS: readonly CliCommand[] = [status, log, calls, sent];

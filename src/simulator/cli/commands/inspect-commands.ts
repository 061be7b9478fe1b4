/** Commands that show what a running simulator has seen. */
import type { SentMessage } from "../../graph/graph-state.ts";
import type { Attempt } from "../../delivery/delivery-attempt.ts";
import type { Fault } from "../../graph/injected-fault.ts";
import { flag, option } from "../../notifications/kinds/notification-kind.ts";
import type { Given } from "../../notifications/kinds/notification-kind.ts";
import type { SimulatorStatus } from "../api-clients.ts";
import type { Command } from "../command-options.ts";
import { META_OPTION as meta, needSimulator } from "../send/find-sender.ts";
import { bold, count, dim, duration, padEnd, plain, red, say, table, time, yellow } from "../terminal.ts";
import { describe } from "../send/send-deliveries.ts";

const status: Command = {
  name: "status",
  summary: "what the simulator is set to",
  examples: ["status"],
  options: { meta },
  async run(given) {
    const simulator = await needSimulator(given);
    const state = await simulator.status();
    say(row("Simulator", simulator.url));
    say(row("Callback", state.callback ?? "none yet"));
    if (state.accounts.length === 0) say(row("Accounts", "none yet"));
    state.accounts.forEach(({ id, username, webhooks }, index) => {
      say(row(index === 0 ? "Accounts" : "", `${plain(username)} (${id})${STANDING[webhooks]}`));
    });
    for (const line of settingLines(state.settings)) say(line);
    const figures = [
      count(state.sent, "message"),
      count(state.calls, "call"),
      `${count(state.waiting, "delivery", "deliveries")} waiting`,
    ];
    say(row("So far", figures.join(", ")));
    return 0;
  },
};

const log: Command = {
  name: "log",
  summary: "deliveries with every attempt",
  examples: ["log", "log --open"],
  options: { open: flag("only those that still wait"), limit: option("how many of the newest (default 20)"), meta },
  async run(given) {
    const simulator = await needSimulator(given);
    const deliveries = await simulator.deliveries(given.flag("open") ? "?state=waiting" : "");
    for (const delivery of newest(deliveries, given)) {
      say(`${dim(time(delivery.createdAt))} ${describe(delivery)}`);
      // One attempt is all said in that line.
      if (delivery.attempts.length > 1) delivery.attempts.forEach((attempt, index) => say(attemptLine(attempt, index)));
      if (delivery.nextAttemptAt !== null) say(dim(`${INDENT}next ${time(delivery.nextAttemptAt)}`));
    }
    if (deliveries.length === 0) say(given.flag("open") ? "No deliveries wait." : "No deliveries.");
    sayHowMany(deliveries.length, given);
    return 0;
  },
};

const calls: Command = {
  name: "calls",
  summary: "calls that the Graph API has had",
  examples: ["calls", "calls --limit 100"],
  options: { limit: option("how many of the newest (default 20)"), meta },
  async run(given) {
    const simulator = await needSimulator(given);
    const { calls: total, lastCall } = await simulator.status();
    const shown = await simulator.calls(Math.max(0, lastCall - limitOf(given)));
    const rows = shown.map((call) => [
      time(call.at),
      call.operation,
      call.accountId ?? "",
      plain(call.commentId ?? call.personId ?? ""),
      call.status === 200 ? String(call.status) : red(`${call.status} ${call.code ?? ""}`),
      call.fault ?? "",
    ]);
    const titles = ["time", "call", "account", "about", "answer", "fault"];
    say(
      total === 0
        ? "No calls."
        : table(
            titles.map((title) => ({ title })),
            rows,
          ),
    );
    sayHowMany(total, given);
    return 0;
  },
};

const sent: Command = {
  name: "sent",
  summary: "what has been sent: the truth on Meta's side",
  examples: ["sent"],
  options: { limit: option("how many of the newest (default 20)"), meta },
  async run(given) {
    const simulator = await needSimulator(given);
    const all = await simulator.sent();
    const rows = newest(all, given).map((message: SentMessage) => [
      time(message.at),
      message.kind.replace("_", " "),
      plain(message.commentId ?? message.personId),
      plain(message.text ?? ""),
    ]);
    say(
      all.length === 0
        ? "Nothing sent."
        : table(
            ["time", "what", "to", "text"].map((title) => ({ title })),
            rows,
          ),
    );
    sayHowMany(all.length, given);
    return 0;
  },
};

const figure = (value: number): string => value.toLocaleString("en");

/** As wide as a time and a mark. */
const INDENT = " ".repeat(27);

const attemptLine = (attempt: Attempt, index: number): string =>
  dim(
    `${INDENT}${String(index + 1).padStart(2)}  ${time(attempt.at)}  ${attempt.status ?? attempt.problem} in ${duration(attempt.durationMs)}`,
  );

const limitOf = (given: Given): number => given.whole("limit") ?? 20;

/** As many of the newest as are asked for. */
const newest = <T>(items: readonly T[], given: Given): readonly T[] =>
  items.slice(Math.max(0, items.length - limitOf(given)));

/** Below a list that is not all there is. */
function sayHowMany(total: number, given: Given): void {
  const limit = limitOf(given);
  if (limit < total) say(dim(`The newest ${figure(limit)} of ${figure(total)}; --limit shows more.`));
}

const LABEL_COLUMNS = 11;
const row = (label: string, value: string): string => `${bold(padEnd(label, LABEL_COLUMNS))}${value}`;

const STANDING: Readonly<Record<SimulatorStatus["accounts"][number]["webhooks"], string>> = {
  fine: "",
  failing: yellow("  its deliveries fail"),
  alert: yellow("  Meta has sent an alert: failing for 15 minutes"),
  off: red("  webhooks are off after an hour of failures: `subscribe` switches them on"),
};

const REGIMES = {
  graph: "for 36 hours, with falling frequency",
  messenger: "for an hour; an alert after 15 minutes, then webhooks off",
};

/** What can be set, one line each; faults and outages only where there are any. */
export function settingLines(settings: SimulatorStatus["settings"]): string[] {
  const { regime, speed, echoes, rules, faults, outageUntil, clockOffsetMs } = settings;
  const { code, subcode } = rules.secondPrivateReply;
  const lost = echoes.lostShare > 0 ? `, ${echoes.lostShare * 100} % of them lost` : "";
  const left = outageUntil === null ? 0 : outageUntil - Date.now();
  return [
    row("Retries", `${REGIMES[regime]} ${dim(`(${regime})`)}${speed === 1 ? "" : `, ${figure(speed)} times faster`}`),
    row("Echoes", echoes.mode === "lost" ? "lost" : `after ${duration(echoes.delayMs)}${lost}`),
    row(
      "Rules",
      `a second private reply: ${code}${subcode === null ? "" : `/${subcode}`}; ` +
        `unknown comments: ${rules.acceptUnknownComments ? "accepted" : "refused"}; ` +
        `HUMAN_AGENT: ${rules.humanAgent ? "on" : "off"}`,
    ),
    ...faults
      .filter(({ times }) => times !== 0)
      .map((fault, index) => row(index === 0 ? "Faults" : "", yellow(faultInWords(fault)))),
    ...(left > 0 ? [row("Outage", red(`Meta is down for another ${duration(left)}`))] : []),
    ...(clockOffsetMs === 0 ? [] : [row("Clock", `${duration(clockOffsetMs)} ahead`)]),
  ];
}

/** `fault-1: private_reply gets 613, once, although it happens`. */
export function faultInWords({ id, on, does, times, share, accountId }: Fault): string {
  const what =
    does.kind === "error"
      ? `gets ${does.code}${does.subcode === null ? "" : `/${does.subcode}`}`
      : does.kind === "timeout"
        ? `gets no answer for ${duration(does.holdMs)}`
        : `waits ${duration(does.ms)}`;
  return [
    `${id}: ${on === "any" ? "any call" : on} ${what}`,
    ...(does.kind !== "delay" && does.after ? ["although it happens"] : []),
    ...(times === null ? [] : [times === 1 ? "once" : `${figure(times)} times`]),
    ...(share === 1 ? [] : [`${share * 100} % of them`]),
    ...(accountId === null ? [] : [`account ${accountId}`]),
  ].join(", ");
}

export const LOOK_COMMANDS: readonly Command[] = [status, log, calls, sent];

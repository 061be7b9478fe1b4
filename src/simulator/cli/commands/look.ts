/** Commands that show what a running simulator has seen. */
import type { SentMessage } from "../../graph/state.ts";
import { flag, option } from "../../notifications/kinds/kind.ts";
import type { Command } from "../command.ts";
import { META_OPTION as meta, needSimulator } from "../sender.ts";
import { bold, dim, duration, red, say, table } from "../terminal.ts";
import { describe } from "./notify.ts";

const status: Command = {
  name: "status",
  summary: "what the simulator is set to",
  examples: ["status"],
  options: { meta },
  async run(given) {
    const simulator = await needSimulator(given);
    const state = await simulator.status();
    say(`${bold("Simulator")}  ${simulator.url}`);
    say(`${bold("Callback")}   ${state.callback ?? "none yet"}`);
    say(
      `${bold("Accounts")}   ${state.accounts.map(({ id, username }) => `${username} (${id})`).join(", ") || "none yet"}`,
    );
    say(`${bold("So far")}     ${state.sent} sent, ${state.calls} calls, ${state.waiting} deliveries waiting`);
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
    for (const delivery of deliveries.slice(-(given.whole("limit") ?? 20))) {
      say(`${dim(time(delivery.createdAt))} ${describe(delivery)}`);
      for (const attempt of delivery.attempts.slice(0, -1)) {
        say(
          dim(
            `             ${time(attempt.at)} ${attempt.status ?? attempt.problem} in ${duration(attempt.durationMs)}`,
          ),
        );
      }
      if (delivery.nextAttemptAt !== null) say(dim(`             next attempt ${time(delivery.nextAttemptAt)}`));
    }
    if (deliveries.length === 0) say("No deliveries.");
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
    const items = (await simulator.calls()).slice(-(given.whole("limit") ?? 20));
    const rows = items.map((call) => [
      time(call.at),
      call.operation,
      call.accountId ?? "",
      call.commentId ?? call.personId ?? "",
      call.status === 200 ? String(call.status) : red(`${call.status} ${call.code ?? ""}`),
      call.fault ?? "",
    ]);
    const titles = ["time", "call", "account", "about", "answer", "fault"];
    say(
      rows.length === 0
        ? "No calls."
        : table(
            titles.map((title) => ({ title })),
            rows,
          ),
    );
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
    const items = (await simulator.sent()).slice(-(given.whole("limit") ?? 20));
    const rows = items.map((message: SentMessage) => [
      time(message.at),
      message.kind.replace("_", " "),
      message.commentId ?? message.personId,
      message.text ?? "",
    ]);
    say(
      rows.length === 0
        ? "Nothing sent."
        : table(
            ["time", "what", "to", "text"].map((title) => ({ title })),
            rows,
          ),
    );
    return 0;
  },
};

const time = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

export const LOOK_COMMANDS: readonly Command[] = [status, log, calls, sent];

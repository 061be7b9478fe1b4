/** The log of `start`: one line for each delivery attempt, each Graph call and each alert that Meta would send. */
import type { SimulatorClient } from "../api-clients.ts";
import { describeSince } from "../send/send-deliveries.ts";
import { dim, green, plain, red, yellow } from "../terminal.ts";

const ALERTS: Readonly<Record<string, string>> = {
  alert: "deliveries have failed for 15 minutes; Meta sends an alert",
  off: "deliveries have failed for an hour; webhooks are off. Turn them on with `subscribe`.",
};

/** @returns a function that writes what is new since its last call; the state of an earlier start is not new */
export async function liveLog(simulator: SimulatorClient, write: (line: string) => void): Promise<() => Promise<void>> {
  const attempts = new Map((await simulator.deliveries()).map(({ id, attempts: made }) => [id, made.length]));
  const lastStatus = new Map<string, string>();
  const first = await simulator.status();
  let { lastCall } = first;
  let { emptiedAt } = first.settings;

  return async () => {
    const status = await simulator.status();
    if (status.settings.emptiedAt !== emptiedAt) {
      // After `reset` calls and deliveries are numbered from 1 again.
      ({ emptiedAt } = status.settings);
      attempts.clear();
      lastStatus.clear();
      lastCall = 0;
    }
    for (const delivery of await simulator.deliveries()) {
      for (const line of describeSince(delivery, attempts.get(delivery.id) ?? 0)) write(line);
      attempts.set(delivery.id, delivery.attempts.length);
    }
    for (const { id, username, webhooks } of status.accounts) {
      const before = lastStatus.get(id) ?? "fine";
      lastStatus.set(id, webhooks);
      const alert = webhooks === before ? undefined : ALERTS[webhooks];
      if (alert !== undefined) write(yellow(`! ${plain(username)} (${id}): ${alert}`));
    }
    for (const call of await simulator.calls(lastCall)) {
      lastCall = call.seq;
      const about = plain(call.commentId ?? call.personId ?? call.path);
      const response = call.status === 200 ? green("200") : red(`${call.status} ${call.code ?? ""}`);
      write(
        `${dim("Graph")} ${call.operation} ${about} ${response}${call.fault === null ? "" : dim(` (${call.fault})`)}`,
      );
    }
  };
}

/** What `start` shows while it runs: a line for every attempt, every call, and what Meta would write to the developer. */
import type { SimulatorClient } from "../api-clients.ts";
import { describeSince } from "../send/send-deliveries.ts";
import { dim, green, plain, red, yellow } from "../terminal.ts";

const NEWS: Readonly<Record<string, string>> = {
  alert: "deliveries have been failing for 15 minutes; Meta sends an alert",
  off: "an hour of failures; webhooks are off. `subscribe` switches them on",
};

/** Gives a function that writes what is new since it was called before. What an earlier start has left is no news. */
export async function watcher(simulator: SimulatorClient, write: (line: string) => void): Promise<() => Promise<void>> {
  const attempts = new Map((await simulator.deliveries()).map(({ id, attempts: made }) => [id, made.length]));
  const standing = new Map<string, string>();
  const first = await simulator.status();
  let { lastCall } = first;
  let { emptiedAt } = first.settings;

  return async () => {
    const status = await simulator.status();
    if (status.settings.emptiedAt !== emptiedAt) {
      // After `reset` calls and deliveries are numbered from 1 again.
      ({ emptiedAt } = status.settings);
      attempts.clear();
      standing.clear();
      lastCall = 0;
    }
    for (const delivery of await simulator.deliveries()) {
      for (const line of describeSince(delivery, attempts.get(delivery.id) ?? 0)) write(line);
      attempts.set(delivery.id, delivery.attempts.length);
    }
    for (const { id, username, webhooks } of status.accounts) {
      const before = standing.get(id) ?? "fine";
      standing.set(id, webhooks);
      const news = webhooks === before ? undefined : NEWS[webhooks];
      if (news !== undefined) write(yellow(`! ${plain(username)} (${id}): ${news}`));
    }
    for (const call of await simulator.calls(lastCall)) {
      lastCall = call.seq;
      const about = plain(call.commentId ?? call.personId ?? call.path);
      const answer = call.status === 200 ? green("200") : red(`${call.status} ${call.code ?? ""}`);
      write(
        `${dim("Graph")} ${call.operation} ${about} ${answer}${call.fault === null ? "" : dim(` (${call.fault})`)}`,
      );
    }
  };
}

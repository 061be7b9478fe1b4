/** The quick answers of Meta's inbox: the instant reply and the away message. */
import { envelope } from "./notifications/delivery-body.ts";
import { echo } from "./notifications/message-notifications.ts";
import { toWire } from "./notifications/wire-format.ts";
import type { Simulator } from "./simulator.ts";

/** Meta replies 1 to 5 s after the person's message. The message is a little older than its delivery. */
const FASTEST_MS = 1000;
const SLOWEST_MS = 4800;

/** Sends the echo that an automatic reply causes. It has no app id, like a message that a person wrote. */
export function replyAutomatically(
  simulator: Simulator,
  { accountId, personId }: { accountId: string; personId: string },
  afterMs: number,
): void {
  const { graph, host, settings } = simulator;
  const account = graph.accounts.get(accountId);
  const { automaticReply } = settings;
  if (automaticReply === null || account === undefined) return;
  const thread = { platform: account.platform, accountId, personId };
  const delayMs = automaticReply.delayMs ?? FASTEST_MS + Math.floor(host.random() * (SLOWEST_MS - FASTEST_MS));
  const buildContext = { now: simulator.graphNow() + afterMs + delayMs, random: host.random };
  const item = echo({ ...thread, text: automaticReply.text }, buildContext);
  simulator.deliver(toWire(envelope([item])), { label: "automatic reply", delayMs: afterMs + delayMs });
}

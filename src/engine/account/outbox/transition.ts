/** Executes what `step` decides: writes the row, and does to lane and account what the effects say. */
import { throttled } from "../../../core/reply/pacing.ts";
import type { SendOutcome } from "../../../core/reply/outcome.ts";
import type { Reply } from "../../../core/reply/reply.ts";
import { type Effect, isWaiting, step, type ReplyEvent } from "../../../core/reply/step.ts";
import type { AccountPorts } from "../ports.ts";
import { readRateLimit, storeRateLimit } from "../tables/rate-limits.ts";
import { pendingPublicReplies } from "../tables/related-replies.ts";
import { applyWrite } from "../tables/replies.ts";
import { enqueueGroup } from "../tables/fair-queue.ts";
import { getValue, setValue } from "../tables/settings.ts";

/**
 * Moves one reply on. Synchronous: called inside a transaction, with the row just read in it.
 *
 * @returns the row as it is now, and whether an attempt of it is to be sent; null when nothing changed.
 */
export function transition(
  ports: AccountPorts,
  accountId: string,
  reply: Reply,
  event: ReplyEvent,
): { reply: Reply; send: boolean } | null {
  const now = ports.now();
  const { write, effects } = step(reply, event, now, ports.random());
  if (write === null || !applyWrite(ports.sql, write)) return null;
  ports.changed?.({ replyId: reply.id });
  const changed = { ...reply, ...write.set };
  if (isWaiting(changed)) enqueueGroup(ports.sql, changed.rateLimit, changed.groupKey);
  let send = false;
  for (const effect of effects) {
    switch (effect.type) {
      case "send":
        send = true;
        break;
      case "slow_down":
        for (const rateLimit of effect.rateLimits) {
          const clock = throttled(readRateLimit(ports.sql, rateLimit), effect.waitMs, now, ports.random());
          storeRateLimit(ports.sql, rateLimit, clock);
          ports.log("rate_limited", { accountId, rateLimit, durationMs: clock.closedUntil - now });
        }
        break;
      case "hold_account":
        hold(ports, accountId, effect, now);
        break;
    }
  }
  if (endedUnsent(changed)) withdrawPublicReply(ports, accountId, changed);
  if (event.type === "answered") logAnswer(ports, accountId, changed, event.outcome);
  return { reply: changed, send };
}

/** A dry run cancels each reply by itself, and says so. */
const endedUnsent = ({ kind, state, reason }: Reply): boolean =>
  kind === "private_reply" && ["refused", "cancelled", "expired"].includes(state) && reason !== "dry_run";

/** "Sent! Check your messages." must not stand under a comment whose message was not sent. */
function withdrawPublicReply(ports: AccountPorts, accountId: string, { eventId, automationId }: Reply): void {
  if (eventId === null || automationId === null) return;
  for (const reply of pendingPublicReplies(ports.sql, eventId, automationId)) {
    transition(ports, accountId, reply, { type: "cancel", reason: "private_reply_unsent" });
  }
}

/** What waits for a person is not made into something that passes by itself: a dead token stays one after a block. */
function hold(
  ports: AccountPorts,
  accountId: string,
  effect: Extract<Effect, { type: "hold_account" }>,
  now: number,
): void {
  const { problem, code, reason, until } = effect;
  const sendStatus = getValue(ports.sql, "hold");
  if (sendStatus !== null && sendStatus.until === null && until !== null) return;
  setValue(ports.sql, "hold", { problem, code, reason, since: now, until });
  ports.log("account_held", { accountId, code });
}

function logAnswer(ports: AccountPorts, accountId: string, reply: Reply, outcome: SendOutcome): void {
  const fields = { accountId, replyId: reply.id, attempts: reply.attempts, code: reply.reason ?? "" };
  // A code that the table does not know is treated with every caution; whoever runs this should hear of it.
  if ("reason" in outcome && outcome.reason === "unknown_code") ports.log("graph_code_unknown", fields);
  if (reply.state === "refused") ports.log("reply_refused", fields);
  if (reply.state === "uncertain") ports.log("reply_uncertain", fields);
}

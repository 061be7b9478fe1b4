/** Executes what `step` decides: writes the row, and applies the effects to rate limit and account. */
import { throttled } from "../../../core/reply/pacing.ts";
import type { SendOutcome } from "../../../core/reply/outcome.ts";
import type { Reply } from "../../../core/reply/reply.ts";
import { type Effect, isWaiting, step, type ReplyEvent } from "../../../core/reply/step.ts";
import type { AccountPorts } from "../ports.ts";
import { readRateLimit, storeRateLimit } from "../tables/rate-limits.ts";
import { repliesAfter } from "../tables/related-replies.ts";
import { applyWrite, setMessage } from "../tables/replies.ts";
import { enqueueGroup } from "../tables/fair-queue.ts";
import { getSettings, getValue, setValue } from "../tables/settings.ts";

/**
 * Applies one event to a reply. Synchronous: called inside a transaction that has just read the row.
 *
 * @returns the new row, and whether an attempt of it is to be sent; null when nothing changed
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
  moveFollowers(ports, accountId, changed);
  if (event.type === "answered") logAnswer(ports, accountId, changed, event.outcome);
  return { reply: changed, send };
}

/** Moves the replies that wait for this one: a public "Sent!" must not stand where no message was sent. */
function moveFollowers(ports: AccountPorts, accountId: string, reply: Reply): void {
  const { publicReplies } = getSettings(ports.sql, ports.config.deferSeconds);
  const unresolved = reply.state === "uncertain" && reply.wakeAt === null;
  const followers = ["pending", "sending"].includes(reply.state) ? [] : repliesAfter(ports.sql, reply.id);
  for (const follower of followers) {
    const move = (event: ReplyEvent) => transition(ports, accountId, follower, event);
    const at = ports.now() + Math.round(publicReplies.gapSeconds * 1_000);
    if (reply.state === "sent" || (unresolved && publicReplies.whenUncertain === "send"))
      move({ type: "released", at });
    else if (reply.state === "refused" && follower.whenRefused !== null) {
      setMessage(ports.sql, follower.id, follower.whenRefused);
      move({ type: "released", at });
    } else if (reply.state !== "uncertain") {
      move({ type: "cancel", reason: reply.reason === "dry_run" ? "dry_run" : "private_reply_unsent" });
    }
  }
}

/** A temporary hold does not replace a hold that needs a person: a token stays invalid after a temporary block ends. */
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
  // An unknown code is handled with full caution. The log tells the operator about it.
  if ("reason" in outcome && outcome.reason === "unknown_code") ports.log("graph_code_unknown", fields);
  if (reply.state === "refused") ports.log("reply_refused", fields);
  if (reply.state === "uncertain") ports.log("reply_uncertain", fields);
}

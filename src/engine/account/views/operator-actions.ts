/** What a person decides about one reply, from the console or by the API. */
import type { Reply } from "../../../core/reply/reply.ts";
import type { ReplyEvent } from "../../../core/reply/step.ts";
import { err, ok, type Result } from "../../../core/result.ts";
import { describe } from "../../log.ts";
import { armAlarm } from "../alarm.ts";
import { registerAwake } from "../directory-sync.ts";
import type { ReplyError } from "../contract.ts";
import type { ReplyItem } from "../../../api/reply.ts";
import { Estimates } from "../outbox/estimates.ts";
import { oneReply } from "./lists.ts";
import type { AccountPorts } from "../ports.ts";
import { findReply } from "../tables/replies.ts";
import { transition } from "../outbox/transition.ts";

export type ReplyResult = Result<ReplyItem, ReplyError>;

/** Takes back a pending reply. Refused as `too_late` once it is on its way or settled. */
export const cancelReply = (ports: AccountPorts, accountId: string, replyId: string): ReplyResult =>
  intervene(ports, accountId, replyId, "pending", { type: "cancel", reason: "by_request" });

/**
 * Makes a pending reply due now instead of at its time; the pace still holds. Refused as `too_late` once it has left.
 */
export const sendReplyNow = (ports: AccountPorts, accountId: string, replyId: string): ReplyResult =>
  intervene(ports, accountId, replyId, "pending", { type: "hasten" });

/** Settles an uncertain reply by what a person has seen. `retry` starts it afresh: it may be sent a second time. */
export async function resolveReply(
  ports: AccountPorts,
  accountId: string,
  replyId: string,
  as: "sent" | "refused" | "retry",
): Promise<ReplyResult> {
  const result = intervene(ports, accountId, replyId, "uncertain", { type: "resolve", as });
  if (!result.ok || as !== "retry") return result;
  try {
    // Open work again, where the watchdog may have been told that there is none.
    await registerAwake(ports, accountId);
  } catch (error) {
    // The person's decision stands; the next run of the alarm announces it.
    ports.log("directory_unreachable", { accountId, error: describe(error) });
  }
  return result;
}

/** @param from the state in which there is something to decide */
function intervene(
  ports: AccountPorts,
  accountId: string,
  replyId: string,
  from: "pending" | "uncertain",
  event: ReplyEvent,
): ReplyResult {
  const result = ports.sql.transaction((): Result<Reply, ReplyError> => {
    const reply = findReply(ports.sql, replyId);
    if (reply === null) return err({ reason: "not_found" });
    const moved = reply.state === from ? transition(ports, accountId, reply, event) : null;
    if (moved !== null) return ok(moved.reply);
    return err({ reason: from === "uncertain" ? "not_uncertain" : "too_late", state: reply.state });
  });
  if (!result.ok) return result;
  armAlarm(ports);
  return ok(oneReply(ports, result.value, new Estimates(ports).of(result.value)));
}

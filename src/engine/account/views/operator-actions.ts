/** Actions of a person on one reply, from the console or the API. */
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

/** Cancels a pending reply. Refused as `too_late` if it is being sent or is settled. */
export const cancelReply = (ports: AccountPorts, accountId: string, replyId: string): ReplyResult =>
  intervene(ports, accountId, replyId, "pending", { type: "cancel", reason: "by_request" });

/** Makes a pending reply due now; rate limits still apply. Refused as `too_late` if it is being sent or is settled. */
export const sendReplyNow = (ports: AccountPorts, accountId: string, replyId: string): ReplyResult =>
  intervene(ports, accountId, replyId, "pending", { type: "hasten" });

/** Settles an uncertain reply with the result that a person found. `retry` starts it again: it may be sent twice. */
export async function resolveReply(
  ports: AccountPorts,
  accountId: string,
  replyId: string,
  as: "sent" | "refused" | "retry",
): Promise<ReplyResult> {
  const result = intervene(ports, accountId, replyId, "uncertain", { type: "resolve", as });
  if (!result.ok || as !== "retry") return result;
  try {
    // There is open work again, and the watchdog may have removed this account from its list.
    await registerAwake(ports, accountId);
  } catch (error) {
    // The person's decision is stored. The next alarm registers the account.
    ports.log("directory_unreachable", { accountId, error: describe(error) });
  }
  return result;
}

/** @param from the state in which the action is possible */
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

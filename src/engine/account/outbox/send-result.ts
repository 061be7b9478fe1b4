/** What an answer of the Graph API does to the ledger. */
import { accepted, measured, USAGE_SLOW_PERCENT } from "../../../core/reply/pacing.ts";
import { RATE_LIMITS } from "../../../core/reply/reply.ts";
import type { AccountPorts, SendResponse } from "../ports.ts";
import { readRateLimit, storeRateLimit } from "../tables/rate-limits.ts";
import { findReply } from "../tables/replies.ts";
import { getSettings } from "../tables/settings.ts";
import { transition } from "./transition.ts";

/** Applies one answer to its row, and what it says about the lane. */
export function applySendResult(
  ports: AccountPorts,
  accountId: string,
  replyId: string,
  attemptNumber: number,
  answer: SendResponse,
): void {
  ports.sql.transaction(() => {
    const reply = findReply(ports.sql, replyId);
    if (reply === null) return;
    const { outcome, usage } = answer;
    const { uncertainMessages } = getSettings(ports.sql, ports.config.deferSeconds);
    const conditions = { retryUncertainMessages: uncertainMessages === "retry" };
    transition(ports, accountId, reply, { type: "answered", attempt: attemptNumber, outcome, conditions });
    if (outcome.kind === "accepted" || usage !== null) {
      // A throttle has usage headers too; only a call that was let through ends the series.
      const after = outcome.kind === "accepted" ? accepted : measured;
      storeRateLimit(ports.sql, reply.rateLimit, after(readRateLimit(ports.sql, reply.rateLimit), usage, ports.now()));
    }
    // The quota that the headers speak of is the account's and the app's, not the lane's.
    if (usage === null || usage.percent < USAGE_SLOW_PERCENT) return;
    for (const rateLimit of RATE_LIMITS) {
      if (rateLimit !== reply.rateLimit)
        storeRateLimit(ports.sql, rateLimit, measured(readRateLimit(ports.sql, rateLimit), usage, ports.now()));
    }
  });
}

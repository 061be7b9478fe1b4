import { tokenWarning } from "../connection/token-schedule.ts";
import type { TokenState } from "../../../api/account.ts";
import type { AccountState } from "../../../api/account.ts";
import type { SubscriptionState } from "../../../api/account.ts";
import { sendStatus } from "../alarm.ts";
import { summaryOf } from "../directory-sync.ts";
import { rateLimitItems } from "./lists.ts";
import type { AccountPorts } from "../ports.ts";
import { countEvents } from "../tables/events.ts";
import { countByState } from "../tables/reply-lists.ts";
import { callsToday, foundThisWeek } from "../tables/reconciler-days.ts";
import { getValue } from "../tables/settings.ts";
import { tokenRecord, tokenTask } from "../next-check.ts";

/** The account's state: connection, settings, rate limits, counts. Without the token. */
export function accountState(ports: AccountPorts): AccountState {
  const { settings, hold } = sendStatus(ports, ports.now());
  const { lastEventAt, lastReplyAt } = summaryOf(ports);
  return {
    profile: getValue(ports.sql, "profile"),
    settings,
    hold,
    stop: getValue(ports.sql, "stop"),
    lanes: rateLimitItems(ports),
    events: countEvents(ports.sql),
    replies: countByState(ports.sql),
    lastEventAt,
    lastReplyAt,
    token: tokenState(ports),
    found: foundThisWeek(ports.sql, ports.now()),
    reconcile: reconcilerState(ports),
    subscription: subscriptionState(ports),
    automaticReplies: getValue(ports.sql, "automaticReplies"),
    publicReplyLimit: getValue(ports.sql, "publicReplyLimit"),
  };
}

function tokenState(ports: AccountPorts): TokenState | null {
  const record = tokenRecord(ports.sql);
  const task = tokenTask(ports.sql);
  if (record === null || task === null) return null;
  const { savedAt, expiresAt, checkedAt, scopes, belongsTo, failure } = record;
  const warning = tokenWarning(record, ports.now());
  const dataAccessExpiresAt = record.dataAccessExpiresAt ?? null;
  return { savedAt, expiresAt, dataAccessExpiresAt, checkedAt, scopes, warning, belongsTo, failure, nextAt: task.at };
}

function reconcilerState(ports: AccountPorts): AccountState["reconcile"] {
  const round = getValue(ports.sql, "reconcile");
  const { comments = null, messages = null } = round?.refused ?? {};
  return {
    callsToday: callsToday(ports.sql, ports.now()),
    readAt: round?.readAt ?? null,
    refused: { comments, messages },
  };
}

function subscriptionState(ports: AccountPorts): SubscriptionState | null {
  const record = getValue(ports.sql, "subscription");
  if (record === null) return null;
  const { wanted, missing, state, code, checkedAt } = record;
  return { wanted, missing, state, code, checkedAt };
}

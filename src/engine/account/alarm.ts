/** The account's next work, read from its tables: whether it may send, and when its alarm must fire. */
import { rateLimitRules, openAt, type RateLimitState, type RateLimitRule } from "../../core/reply/pacing.ts";
import { RATE_LIMITS, type RateLimit } from "../../core/reply/reply.ts";
import { nextAlarmAt, type AlarmInputs } from "../../core/reply/next-alarm.ts";
import type { Settings } from "../../core/settings.ts";
import type { Sql } from "../storage/sql.ts";
import type { Hold } from "../../api/account.ts";
import type { AccountPorts } from "./ports.ts";
import { callTime, readRateLimit } from "./tables/rate-limits.ts";
import { firstExpiryAt, firstJudgeAt, firstPendingAt, firstWakeAt } from "./tables/due-replies.ts";
import { firstEchoDueAt } from "./tables/inbox-echoes.ts";
import { getSettings, getValue } from "./tables/settings.ts";
import { nextPostReadAt } from "./ingest/post-identity.ts";
import { subscriptionCheckAt, tokenTask } from "./next-check.ts";

export interface SendStatus {
  settings: Settings;
  connected: boolean;
  hold: Hold | null;
  maySend: boolean;
}

/** Whether the account may send now. A hold whose time is over no longer counts. */
export function sendStatus(ports: AccountPorts, now: number): SendStatus {
  const settings = getSettings(ports.sql, ports.config.deferSeconds);
  const connected = getValue(ports.sql, "profile") !== null;
  const stored = getValue(ports.sql, "hold");
  const hold = stored !== null && (stored.until === null || stored.until > now) ? stored : null;
  const stopped = getValue(ports.sql, "stop") !== null;
  const maySend = connected && hold === null && !stopped && settings.sending === "on";
  return { settings, connected, hold, maySend };
}

/** When the rate limit allows its next call. */
export function rateLimitOpensAt(
  sql: Sql,
  rateLimit: RateLimit,
  rule: RateLimitRule,
  clock: RateLimitState,
  now: number,
): number {
  return openAt(rule, clock, callTime(sql, rateLimit, clock, rule.limit), now);
}

/** When the alarm must fire next; null when no work is scheduled. */
export function nextAlarmTime(ports: AccountPorts, now: number): number | null {
  const { sql } = ports;
  const state = sendStatus(ports, now);
  return nextAlarmAt(
    {
      ...sendInputs(sql, state, now),
      heldUntil: state.hold?.until ?? null,
      firstJudgeAt: earliest(firstJudgeAt(sql), firstEchoDueAt(sql)),
      firstExpiryAt: firstExpiryAt(sql),
      maintenanceAt: nextMaintenanceAt(sql, state),
    },
    now,
  );
}

const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/** When the next row may leave; null when none waits, or none may. */
export function sendTime(ports: AccountPorts, now: number): number | null {
  const nothingElse = { heldUntil: null, firstJudgeAt: null, firstExpiryAt: null, maintenanceAt: null };
  return nextAlarmAt({ ...sendInputs(ports.sql, sendStatus(ports, now), now), ...nothingElse }, now);
}

function sendInputs(
  sql: Sql,
  { settings, maySend }: SendStatus,
  now: number,
): Pick<AlarmInputs, "rateLimits" | "maySend"> {
  const dryRun = settings.sending === "dry_run";
  return {
    rateLimits: dryRun ? dryRunRateLimits(sql) : openRateLimits(sql, settings, now),
    maySend: maySend || dryRun,
  };
}

function openRateLimits(sql: Sql, settings: Settings, now: number): AlarmInputs["rateLimits"] {
  const rules = rateLimitRules(settings.pacing);
  return RATE_LIMITS.flatMap((rateLimit) => {
    const first = firstWakeAt(sql, rateLimit);
    return first === null
      ? []
      : [
          {
            firstWakeAt: first,
            openAt: rateLimitOpensAt(sql, rateLimit, rules[rateLimit], readRateLimit(sql, rateLimit), now),
          },
        ];
  });
}

/** A dry run cancels replies instead of sending them, so no rate limit applies. */
function dryRunRateLimits(sql: Sql): AlarmInputs["rateLimits"] {
  return RATE_LIMITS.flatMap((rateLimit) => {
    const first = firstPendingAt(sql, rateLimit);
    return first === null ? [] : [{ firstWakeAt: first, openAt: first }];
  });
}

/** Sets the alarm from the tables. Called after every write that may change it, including a duplicate event. */
export function armAlarm(ports: AccountPorts): void {
  const at = nextAlarmTime(ports, ports.now());
  if (at === null) ports.deleteAlarm();
  else ports.setAlarm(at);
}

function nextMaintenanceAt(sql: Sql, { settings, connected, hold }: SendStatus): number | null {
  const chores = getValue(sql, "chores");
  if (chores === null) return null;
  const times = [chores.pruneAt];
  if (chores.noteAt !== null) times.push(chores.noteAt);
  if (settings.reconcile.enabled && connected && hold === null) times.push(chores.reconcileAt);
  for (const checkAt of [tokenTask(sql)?.at ?? null, subscriptionCheckAt(sql), nextPostReadAt(sql)])
    if (checkAt !== null) times.push(checkAt);
  return Math.min(...times);
}

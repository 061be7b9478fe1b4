/** What the account still has to do, read from its tables: whether it may send, and when its alarm has to ring. */
import { laneRules, openAt, type LaneClock, type LaneRule } from "../../core/reply/pacing.ts";
import { LANES, type Lane } from "../../core/reply/reply.ts";
import { nextWakeAt, type Agenda } from "../../core/reply/next-alarm.ts";
import type { Settings } from "../../core/settings.ts";
import type { Sql } from "../storage/sql.ts";
import type { Hold } from "./contract/state.ts";
import type { AccountPorts } from "./ports.ts";
import { callTime, getLane } from "./tables/rate-limits.ts";
import { firstExpiryAt, firstJudgeAt, firstPendingAt, firstWakeAt } from "./tables/due-replies.ts";
import { getSettings, getValue } from "./tables/settings.ts";
import { subscriptionCareAt, tokenTask } from "./next-check.ts";

export interface Standing {
  settings: Settings;
  connected: boolean;
  hold: Hold | null;
  maySend: boolean;
}

/** Whether anything may leave at the moment. A hold whose time is over is lifted on the way. */
export function standing(ports: AccountPorts, now: number): Standing {
  const settings = getSettings(ports.sql, ports.config.deferSeconds);
  const connected = getValue(ports.sql, "profile") !== null;
  const stored = getValue(ports.sql, "hold");
  const hold = stored !== null && (stored.until === null || stored.until > now) ? stored : null;
  const stopped = getValue(ports.sql, "stop") !== null;
  const maySend = connected && hold === null && !stopped && settings.sending === "on";
  return { settings, connected, hold, maySend };
}

/** When the lane has room for its next call. */
export function laneOpenAt(sql: Sql, lane: Lane, rule: LaneRule, clock: LaneClock, now: number): number {
  return openAt(rule, clock, callTime(sql, lane, clock, rule.limit), now);
}

/** When the account wants to be woken next; null when nothing is going to happen by itself. */
export function wakeTime(ports: AccountPorts, now: number): number | null {
  const { sql } = ports;
  const state = standing(ports, now);
  return nextWakeAt(
    {
      ...sendAgenda(sql, state, now),
      heldUntil: state.hold?.until ?? null,
      firstJudgeAt: firstJudgeAt(sql),
      firstExpiryAt: firstExpiryAt(sql),
      choreAt: nextChoreAt(sql, state.settings),
    },
    now,
  );
}

/** When the next row may leave; null when none waits, or none may. */
export function sendTime(ports: AccountPorts, now: number): number | null {
  const nothingElse = { heldUntil: null, firstJudgeAt: null, firstExpiryAt: null, choreAt: null };
  return nextWakeAt({ ...sendAgenda(ports.sql, standing(ports, now), now), ...nothingElse }, now);
}

function sendAgenda(sql: Sql, { settings, maySend }: Standing, now: number): Pick<Agenda, "lanes" | "maySend"> {
  const dryRun = settings.sending === "dry_run";
  return { lanes: dryRun ? dryLanes(sql) : openLanes(sql, settings, now), maySend: maySend || dryRun };
}

function openLanes(sql: Sql, settings: Settings, now: number): Agenda["lanes"] {
  const rules = laneRules(settings.pacing);
  return LANES.flatMap((lane) => {
    const first = firstWakeAt(sql, lane);
    return first === null
      ? []
      : [{ firstWakeAt: first, openAt: laneOpenAt(sql, lane, rules[lane], getLane(sql, lane), now) }];
  });
}

/** A dry run cancels instead of calling, so no pace applies to it. */
function dryLanes(sql: Sql): Agenda["lanes"] {
  return LANES.flatMap((lane) => {
    const first = firstPendingAt(sql, lane);
    return first === null ? [] : [{ firstWakeAt: first, openAt: first }];
  });
}

/** Sets the one alarm from the tables. Called after every write that could move it, a duplicate event included. */
export function arm(ports: AccountPorts): void {
  const at = wakeTime(ports, ports.now());
  if (at === null) ports.deleteAlarm();
  else ports.setAlarm(at);
}

function nextChoreAt(sql: Sql, settings: Settings): number | null {
  const chores = getValue(sql, "chores");
  if (chores === null) return null;
  const times = [chores.pruneAt];
  if (chores.noteAt !== null) times.push(chores.noteAt);
  if (settings.reconcile.enabled) times.push(chores.reconcileAt);
  for (const careAt of [tokenTask(sql)?.at ?? null, subscriptionCareAt(sql)]) if (careAt !== null) times.push(careAt);
  return Math.min(...times);
}

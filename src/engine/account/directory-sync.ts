/** Keeps the Directory's data about the account up to date. */
import { describe } from "../log.ts";
import type { AccountSummary } from "../directory/contract.ts";
import { first, numberOrNull, type Sql } from "../storage/sql.ts";
import { armAlarm, sendStatus } from "./alarm.ts";
import type { AccountPorts } from "./ports.ts";
import { countAwake } from "./tables/due-replies.ts";
import { getValue, isForgotten, setValue } from "./tables/settings.ts";

/** Maximum age of the Directory's summary while the account is busy. */
const SYNC_EVERY_MS = 60_000;

/**
 * Makes sure that the Directory lists the account and that the watchdog visits it. Awaited before an event is
 * acknowledged: an unlisted account could never be woken again.
 *
 * @throws when the Directory cannot be reached; the event then stays in the queue
 */
export async function registerAwake(ports: AccountPorts, accountId: string): Promise<void> {
  // Work that was running when the account was erased must not list the account again permanently.
  if (isForgotten(ports.sql)) return;
  const announced = getValue(ports.sql, "announced") ?? { generation: 0, done: false };
  if (announced.done) return;
  // Each registration has a new generation, so that a late "no open work" cannot cancel it.
  const generation = announced.generation + 1;
  setValue(ports.sql, "announced", { generation, done: false });
  await ports.directory.registerAwake(accountId, generation, summaryOf(ports));
  const current = getValue(ports.sql, "announced");
  if (current?.generation === generation) setValue(ports.sql, "announced", { generation, done: true });
}

/**
 * Returns the open work to the watchdog. If there is none, the watchdog removes the account from its list; the next
 * event registers it again.
 */
export function reportOpenWork(ports: AccountPorts): { open: number; generation: number } {
  const open = countAwake(ports.sql);
  const announced = getValue(ports.sql, "announced") ?? { generation: 0, done: false };
  // The new generation invalidates a registration in flight. The Directory may receive that registration before this
  // response, and would still remove the account.
  if (open === 0) setValue(ports.sql, "announced", { generation: announced.generation + 1, done: false });
  return { open, generation: announced.generation };
}

/**
 * Updates the Directory's summary: at once with `force`, otherwise about once a minute. The alarm sends the changes in
 * between. Never throws.
 */
export async function syncSummary(ports: AccountPorts, accountId: string, force = false): Promise<void> {
  if (isForgotten(ports.sql)) return;
  const now = ports.now();
  const dueAt = (getValue(ports.sql, "noted")?.at ?? 0) + SYNC_EVERY_MS;
  if (!force && now < dueAt) {
    scheduleSync(ports, dueAt);
    return;
  }
  const figures = summaryOf(ports);
  setValue(ports.sql, "noted", { at: now });
  scheduleSync(ports, null);
  try {
    await ports.directory.syncSummary(accountId, figures);
  } catch (error) {
    // Only the summary is late. Open work was registered by `registerAwake`.
    ports.log("directory_unreachable", { accountId, error: describe(error) });
  }
}

/** Schedules a summary update by the alarm. An existing schedule with the same time is kept. */
function scheduleSync(ports: AccountPorts, at: number | null): void {
  const chores = getValue(ports.sql, "chores");
  if (chores === null || chores.noteAt === at) return;
  setValue(ports.sql, "chores", { ...chores, noteAt: at });
  if (at !== null) armAlarm(ports);
}

/**
 * Comments that the reconciler found do not show that Meta delivers webhooks. The indexes are named because the planner
 * would otherwise read all rows, and these queries run for each event.
 */
export const LAST_WEBHOOK =
  "SELECT received_at AS at FROM events INDEXED BY events_by_webhook WHERE delivery_id <> 'reconciler' ORDER BY seq DESC LIMIT 1";
export const LAST_SENDING = "SELECT max(sent_at) AS at FROM replies INDEXED BY replies_by_sending WHERE state = 'sent'";

/** The account's entry in lists. Times are ms since the epoch. */
export function summaryOf(ports: AccountPorts): AccountSummary {
  const profile = getValue(ports.sql, "profile");
  const { hold, settings } = sendStatus(ports, ports.now());
  return {
    connected: profile !== null,
    platform: profile?.platform ?? null,
    login: profile?.login ?? null,
    username: profile?.username ?? null,
    sendAs: profile?.sendAs ?? null,
    tokenExpiresAt: profile?.tokenExpiresAt ?? null,
    lastEventAt: latest(ports.sql, LAST_WEBHOOK),
    lastReplyAt: lastSentAt(ports.sql),
    openReplies: countAwake(ports.sql),
    hold: hold?.problem ?? null,
    sending: settings.sending,
  };
}

/** When the account last sent anything, ms since the epoch. */
export const lastSentAt = (sql: Sql): number | null => latest(sql, LAST_SENDING);

function latest(sql: Sql, statement: string): number | null {
  const row = first(sql, statement);
  return row === null ? null : numberOrNull(row, "at");
}

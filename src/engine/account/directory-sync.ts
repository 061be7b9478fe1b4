/** What the account tells the Directory about itself. */
import { describe } from "../log.ts";
import type { AccountSummary } from "../directory/contract.ts";
import { first, numberOrNull, type Sql } from "../storage/sql.ts";
import { armAlarm, sendStatus } from "./alarm.ts";
import type { AccountPorts } from "./ports.ts";
import { countAwake } from "./tables/due-replies.ts";
import { getValue, isForgotten, setValue } from "./tables/settings.ts";

/** The Directory's figures are at most this old while the account is busy. */
const NOTE_EVERY_MS = 60_000;

/**
 * Makes sure that the Directory lists the account and that the watchdog visits it. Awaited before an event is
 * acknowledged: an account that nobody knows of could never be woken again.
 *
 * @throws when the Directory cannot be reached; the event then stays in the queue
 */
export async function registerAwake(ports: AccountPorts, accountId: string): Promise<void> {
  // Work that was under way when the account was erased ends here: it would be listed again, and for ever.
  if (isForgotten(ports.sql)) return;
  const announced = getValue(ports.sql, "announced") ?? { generation: 0, done: false };
  if (announced.done) return;
  // A new generation each time, so that a late "nothing left to do" cannot cancel this one.
  const generation = announced.generation + 1;
  setValue(ports.sql, "announced", { generation, done: false });
  await ports.directory.registerAwake(accountId, generation, summaryOf(ports));
  const current = getValue(ports.sql, "announced");
  if (current?.generation === generation) setValue(ports.sql, "announced", { generation, done: true });
}

/**
 * The watchdog's question: is anything still going to happen here by itself? If not, the account takes itself off the
 * watchdog's list; the next event announces it again.
 */
export function reportOpenWork(ports: AccountPorts): { open: number; generation: number } {
  const open = countAwake(ports.sql);
  const announced = getValue(ports.sql, "announced") ?? { generation: 0, done: false };
  // A generation further, so that an announcement that is on its way right now does not count as heard: the Directory may
  // have it before this answer, and would strike the account off all the same.
  if (open === 0) setValue(ports.sql, "announced", { generation: announced.generation + 1, done: false });
  return { open, generation: announced.generation };
}

/**
 * Brings the Directory's figures up to date, at once where `force`, otherwise about once a minute: what comes in between
 * is told by the alarm. Never throws.
 */
export async function syncSummary(ports: AccountPorts, accountId: string, force = false): Promise<void> {
  if (isForgotten(ports.sql)) return;
  const now = ports.now();
  const dueAt = (getValue(ports.sql, "noted")?.at ?? 0) + NOTE_EVERY_MS;
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
    // Figures only: what must not be missed went through `registerAwake`.
    ports.log("directory_unreachable", { accountId, error: describe(error) });
  }
}

/** Makes the alarm tell the Directory later; a reminder that stands already is kept. */
function scheduleSync(ports: AccountPorts, at: number | null): void {
  const chores = getValue(ports.sql, "chores");
  if (chores === null || chores.noteAt === at) return;
  setValue(ports.sql, "chores", { ...chores, noteAt: at });
  if (at !== null) armAlarm(ports);
}

/** The account as lists show it. Times are ms since the epoch. */
/**
 * What the account has looked up itself says nothing about whether Meta still delivers. The indexes are named because the
 * planner would rather read everything: these are asked with each event.
 */
export const LAST_WEBHOOK =
  "SELECT received_at AS at FROM events INDEXED BY events_by_webhook WHERE delivery_id <> 'reconciler' ORDER BY seq DESC LIMIT 1";
export const LAST_SENDING = "SELECT max(sent_at) AS at FROM replies INDEXED BY replies_by_sending WHERE state = 'sent'";

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

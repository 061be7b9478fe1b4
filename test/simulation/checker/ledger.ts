/** Replyline's state at the end: rows of its tables, read with the checker's own SQL statements. */
import type { SqlRow } from "../../../src/engine/storage/sql.ts";
import type { Storage } from "../platform/storage.ts";
import type { World } from "../world.ts";

export interface EventRow {
  id: string;
  kind: string;
  about: string | null;
  /** The item as Meta sent it. Only for Page comments, where creation and deletion have the same kind. */
  raw: string | null;
  blocked: string | null;
  /** By automation: triggered, or the reason why not. */
  decisions: ReadonlyMap<string, string>;
}

export interface ReplyRow {
  id: string;
  eventId: string | null;
  automationId: string | null;
  kind: string;
  about: string | null;
  personId: string | null;
  state: string;
  reason: string | null;
  attempts: number;
  wakeAt: number | null;
  sentAt: number | null;
  text: string;
}

export interface Ledger {
  events: EventRow[];
  replies: ReplyRow[];
}

const EVENTS = "SELECT id, kind, about, blocked, decisions, CASE kind WHEN 'feed' THEN raw END AS raw FROM events";

const text = (row: SqlRow, column: string): string => String(row[column]);
const textOrNull = (row: SqlRow, column: string): string | null => (row[column] === null ? null : text(row, column));
const numberOrNull = (row: SqlRow, column: string): number | null =>
  row[column] === null ? null : Number(row[column]);

export function readLedger(world: World, accountId: string): Ledger {
  const host = world.accounts.get(accountId);
  if (host === undefined) return { events: [], replies: [] };
  if (!hasTable(host.storage, "events")) return { events: [], replies: [] };
  return {
    events: host.storage.all(EVENTS, []).map((row) => ({
      id: text(row, "id"),
      raw: textOrNull(row, "raw"),
      kind: text(row, "kind"),
      about: textOrNull(row, "about"),
      blocked: textOrNull(row, "blocked"),
      decisions: decisionsOf(text(row, "decisions")),
    })),
    replies: host.storage
      .all(
        `SELECT id, event_id, automation_id, kind, about, person_id, state, reason, attempts, wake_at, sent_at, text
         FROM replies`,
        [],
      )
      .map((row) => ({
        id: text(row, "id"),
        eventId: textOrNull(row, "event_id"),
        automationId: textOrNull(row, "automation_id"),
        kind: text(row, "kind"),
        about: textOrNull(row, "about"),
        personId: textOrNull(row, "person_id"),
        state: text(row, "state"),
        reason: textOrNull(row, "reason"),
        attempts: Number(row["attempts"]),
        wakeAt: numberOrNull(row, "wake_at"),
        sentAt: numberOrNull(row, "sent_at"),
        text: textOrNull(row, "text") ?? "",
      })),
  };
}

function decisionsOf(json: string): Map<string, string> {
  const decisions = JSON.parse(json) as { automationId: string; fired: boolean; reason?: string }[];
  return new Map(decisions.map(({ automationId, fired, reason }) => [automationId, fired ? "fired" : (reason ?? "")]));
}

/** The contents of quarantine and dead letters as one text to search for ids, and how many still wait. */
export function readKept(world: World): { text: string; waiting: number; redriven: number } {
  const { storage } = world.directory;
  if (!hasTable(storage, "dead_letters")) return { text: "", waiting: 0, redriven: 0 };
  // A dead letter that was replayed must be in the ledger of its account.
  const parts = storage
    .all(
      `SELECT content FROM parts
       WHERE owner IN (SELECT 'dead:' || id FROM dead_letters WHERE replayed_at IS NULL)
         OR owner IN (SELECT id FROM quarantine)
       ORDER BY owner, part`,
      [],
    )
    .map((row) => text(row, "content"));
  const [letters] = storage.all(
    "SELECT sum(replayed_at IS NULL) AS waiting, sum(replayed_at IS NOT NULL) AS redriven FROM dead_letters",
    [],
  );
  return {
    text: parts.join("\n"),
    waiting: Number(letters?.["waiting"] ?? 0),
    redriven: Number(letters?.["redriven"] ?? 0),
  };
}

/** Whether the watchdog has an account to visit. */
export function anybodyAwake({ directory: { storage } }: World): boolean {
  return hasTable(storage, "accounts") && storage.all("SELECT 1 AS n FROM accounts WHERE awake = 1", []).length > 0;
}

/** Number of rows that are still scheduled for processing. */
export function openRows(world: World): number {
  let open = 0;
  for (const { storage } of world.accounts.values()) {
    if (!hasTable(storage, "replies")) continue;
    const [row] = storage.all(
      "SELECT count(*) AS n FROM replies WHERE state IN ('pending', 'sending') OR (state = 'uncertain' AND wake_at IS NOT NULL)",
      [],
    );
    open += Number(row?.["n"] ?? 0);
  }
  return open;
}

/** Whether the table exists. An object that was never used has no tables. */
function hasTable(storage: Storage, name: string): boolean {
  return storage.all("SELECT 1 AS n FROM sqlite_master WHERE name = ?", [name]).length > 0;
}

/** One row a person that this account has heard from or written to. */
import { conversationWindowMs } from "../../../meta/limits.ts";
import type { Referral } from "../../../meta/views/parts.ts";
import { first, json, number, numberOrNull, text, textOrNull, type Sql, type SqlRow } from "../../storage/sql.ts";

export interface Conversation {
  personId: string;
  username: string | null;
  /** When the person last wrote, tapped or reacted. */
  lastInboundAt: number | null;
  /** When Meta's window for messages closes; null: it was never open. */
  windowClosesAt: number | null;
  /** What opened the window that is open longest. */
  openedBy: string | null;
  /** The ad that brought the person. */
  ad: AdSource | null;
  /** Automations are paused until then. */
  humanUntil: number | null;
  /** The sender that took over: `person` for Meta's inbox, or another app's id. */
  humanBy: string | null;
  updatedAt: number;
}

export function findConversation(sql: Sql, personId: string): Conversation | null {
  const row = first(sql, "SELECT * FROM conversations WHERE person_id = ?", personId);
  return row === null ? null : readConversation(row);
}

export function readConversation(row: SqlRow): Conversation {
  const lastInboundAt = numberOrNull(row, "last_inbound_at");
  return {
    personId: text(row, "person_id"),
    username: textOrNull(row, "username"),
    lastInboundAt,
    // A row of an older version knows the last message only.
    windowClosesAt:
      numberOrNull(row, "window_closes_at") ??
      (lastInboundAt === null ? null : lastInboundAt + conversationWindowMs(false)),
    openedBy: textOrNull(row, "opened_by"),
    ad: textOrNull(row, "ad") === null ? null : (json(row, "ad") as AdSource | null),
    humanUntil: numberOrNull(row, "human_until"),
    humanBy: textOrNull(row, "human_by"),
    updatedAt: number(row, "updated_at"),
  };
}

/** What opened the window: `ad` counts seven days instead of 24 hours. */
export interface Opening {
  by: "message" | "postback" | "reaction" | "referral" | "optin" | "ad";
  ad: AdSource | null;
}

/** The ad that brought the person. */
export interface AdSource {
  id: string | null;
  title: string | null;
  ref: string | null;
}

/**
 * How an event opens the conversation. After a click on an ad that leads into the conversation, the first message opens
 * seven days (Messenger Platform, Policy, 2026-09-28); the click alone is an action like any other.
 */
export function openingOf(kind: Exclude<Opening["by"], "ad">, referral: Referral | null): Opening {
  const isAd = referral !== null && (referral.adId !== null || /^ADS?$/i.test(referral.source ?? ""));
  const ad = isAd ? { id: referral.adId, title: referral.adTitle, ref: referral.ref } : null;
  return { by: ad !== null && (kind === "message" || kind === "postback") ? "ad" : kind, ad };
}

/** The person wrote, tapped or reacted at `at` (ms since the epoch), which opens Meta's window. */
export function recordInbound(sql: Sql, personId: string, at: number, opening: Opening, now: number): void {
  const before = findConversation(sql, personId);
  // The click on an ad came as an event of its own: this is the message that follows it.
  const afterAd = opening.by === "message" && before?.openedBy === "referral" && before.ad !== null;
  const by = afterAd ? "ad" : opening.by;
  const closesAt = Math.max(at + conversationWindowMs(by === "ad"), before?.windowClosesAt ?? 0);
  // An older window that is open longer keeps its cause.
  const extended = closesAt > (before?.windowClosesAt ?? 0);
  sql.all(
    `INSERT INTO conversations (person_id, last_inbound_at, window_closes_at, opened_by, ad, updated_at)
       VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (person_id) DO UPDATE SET
       last_inbound_at = excluded.last_inbound_at, window_closes_at = excluded.window_closes_at,
       opened_by = excluded.opened_by, ad = excluded.ad, updated_at = excluded.updated_at`,
    personId,
    Math.max(at, before?.lastInboundAt ?? 0),
    closesAt,
    extended ? by : (before?.openedBy ?? by),
    JSON.stringify(opening.ad ?? before?.ad ?? null),
    now,
  );
}

/** A comment opens no window; its author's name is kept for the lists. */
export function nameCommenter(sql: Sql, personId: string, username: string, now: number): void {
  sql.all(
    `INSERT INTO conversations (person_id, username, updated_at) VALUES (?, ?, ?)
     ON CONFLICT (person_id) DO UPDATE SET username = excluded.username, updated_at = excluded.updated_at`,
    personId,
    username,
    now,
  );
}

/** Pauses automations in this conversation until `until`; null: resumes them. */
export function setHuman(sql: Sql, personId: string, until: number | null, by: string | null, now: number): void {
  sql.all(
    `INSERT INTO conversations (person_id, human_until, human_by, updated_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (person_id) DO UPDATE SET
       human_until = excluded.human_until, human_by = excluded.human_by, updated_at = excluded.updated_at`,
    personId,
    until,
    by,
    now,
  );
}

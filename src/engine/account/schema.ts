/**
 * The Account's tables. docs/storage.md describes every column. A released migration is never edited; a new one
 * follows.
 */
import type { Migration } from "../storage/migrate.ts";

/** Rows that wait for their due time or for the rate limit. */
const WAITING = "wake_at IS NOT NULL AND state IN ('pending', 'uncertain')";
/** Rows that have used the one reply of a comment or event, or may still use it. */
const TAKEN = "state IN ('pending', 'sending', 'uncertain', 'sent')";

const INITIAL: Migration = [
  `CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    object TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    delivery_id TEXT NOT NULL,
    proof_secret TEXT NOT NULL,
    proof_form TEXT NOT NULL,
    test INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    blocked TEXT,
    decisions TEXT NOT NULL,
    person_id TEXT,
    about TEXT,
    raw TEXT NOT NULL
  ) STRICT`,
  "CREATE INDEX events_by_kind ON events (kind, seq)",
  "CREATE INDEX events_by_about ON events (about) WHERE about IS NOT NULL",
  "CREATE INDEX events_by_person ON events (person_id, seq) WHERE person_id IS NOT NULL",
  `CREATE TABLE parts (
    owner TEXT NOT NULL,
    part INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (owner, part)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE replies (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    event_id TEXT,
    automation_id TEXT,
    kind TEXT NOT NULL,
    lane TEXT NOT NULL,
    group_key TEXT NOT NULL,
    comment_id TEXT,
    recipient_id TEXT,
    about TEXT,
    person_id TEXT,
    message TEXT NOT NULL,
    text TEXT,
    reads TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    wake_at INTEGER,
    attempts INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    attempt_at INTEGER,
    ambiguous INTEGER NOT NULL,
    cancel_reason TEXT,
    sent_at INTEGER,
    message_id TEXT,
    idempotency_key TEXT
  ) STRICT`,
  // Guarantees at most one private reply per comment.
  `CREATE UNIQUE INDEX replies_one_private ON replies (comment_id) WHERE kind = 'private_reply' AND ${TAKEN}`,
  `CREATE UNIQUE INDEX replies_one_per_automation ON replies (event_id, automation_id, kind)
    WHERE event_id IS NOT NULL AND ${TAKEN}`,
  "CREATE UNIQUE INDEX replies_by_idempotency_key ON replies (idempotency_key) WHERE idempotency_key IS NOT NULL",
  `CREATE INDEX replies_waiting ON replies (lane, group_key, expires_at, seq) WHERE ${WAITING}`,
  `CREATE INDEX replies_waking ON replies (lane, wake_at) WHERE ${WAITING}`,
  `CREATE INDEX replies_expiring ON replies (expires_at) WHERE ${WAITING}`,
  "CREATE INDEX replies_sending ON replies (wake_at) WHERE state = 'sending'",
  "CREATE INDEX replies_by_state ON replies (state, seq)",
  "CREATE INDEX replies_by_event ON replies (event_id) WHERE event_id IS NOT NULL",
  "CREATE INDEX replies_by_person ON replies (person_id, seq) WHERE person_id IS NOT NULL",
  "CREATE INDEX replies_by_about ON replies (about) WHERE about IS NOT NULL AND state IN ('pending', 'sending', 'uncertain')",
  "CREATE INDEX replies_by_message_id ON replies (message_id) WHERE message_id IS NOT NULL",
  `CREATE TABLE conversations (
    person_id TEXT PRIMARY KEY,
    username TEXT,
    last_inbound_at INTEGER,
    human_until INTEGER,
    human_by TEXT,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE TABLE tombstones (about TEXT PRIMARY KEY, reason TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  "CREATE TABLE automations (version INTEGER PRIMARY KEY, saved_at INTEGER NOT NULL, items TEXT NOT NULL) STRICT",
  "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
  `CREATE TABLE credentials (
    name TEXT PRIMARY KEY,
    sealed TEXT NOT NULL,
    saved_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE lanes (
    lane TEXT PRIMARY KEY,
    calls INTEGER NOT NULL,
    spread_at REAL NOT NULL,
    closed_until INTEGER NOT NULL,
    strikes INTEGER NOT NULL,
    usage_percent REAL NOT NULL,
    usage_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE TABLE calls (lane TEXT NOT NULL, place INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (lane, place)) STRICT, WITHOUT ROWID",
  "CREATE TABLE turns (lane TEXT NOT NULL, group_key TEXT NOT NULL, turn INTEGER NOT NULL, PRIMARY KEY (lane, group_key)) STRICT, WITHOUT ROWID",
  "CREATE INDEX turns_in_order ON turns (lane, turn, group_key)",
];

/** The console lists conversations by their last update. */
const CONVERSATION_LIST: Migration = ["CREATE INDEX conversations_by_update ON conversations (updated_at, person_id)"];

/**
 * Candidates for an echo that no message id and no metadata matches. There are very few of them, however many replies
 * were sent.
 */
const TO_UNKNOWN: Migration = [
  `CREATE INDEX replies_to_unknown ON replies (seq)
    WHERE person_id IS NULL AND message_id IS NULL AND kind = 'private_reply' AND ${TAKEN}`,
];

/**
 * "Last reply" is the newest send time, which is not always in the newest row. "Last event" is the newest event that
 * Meta delivered.
 */
const LAST_SIGNS: Migration = [
  "CREATE INDEX replies_by_sending ON replies (sent_at) WHERE state = 'sent'",
  "CREATE INDEX events_by_webhook ON events (seq) WHERE delivery_id <> 'reconciler'",
];

/** The open private reply of the same automation to the same event. */
const PRIVATE_OF_SAME = `SELECT p.id FROM replies p WHERE p.event_id = replies.event_id
  AND p.automation_id = replies.automation_id AND p.kind = 'private_reply' AND p.state IN ('pending', 'sending', 'uncertain')`;

/**
 * A public reply waits for its private reply (`after_id`), and its thread is known, so that a loop ends. A reply knows
 * whether a person asked for it, the request behind its Idempotency-Key, and when it last put the account on hold. A
 * conversation knows what opened its window. An echo may wait for the answer to a send, and texts that the account's own
 * inbox sends to many people are counted.
 */
const REPLY_ORDER: Migration = [
  "ALTER TABLE replies ADD COLUMN after_id TEXT",
  "ALTER TABLE replies ADD COLUMN when_refused TEXT",
  "ALTER TABLE replies ADD COLUMN thread TEXT",
  "ALTER TABLE replies ADD COLUMN by_person INTEGER NOT NULL DEFAULT 0",
  "ALTER TABLE replies ADD COLUMN request_hash TEXT",
  "ALTER TABLE replies ADD COLUMN held_at INTEGER",
  // Within a group, a person's second reply comes after every other person's first.
  "ALTER TABLE replies ADD COLUMN person_rank INTEGER NOT NULL DEFAULT 0",
  "DROP INDEX replies_waiting",
  `CREATE INDEX replies_waiting ON replies (lane, group_key, person_rank, expires_at, seq) WHERE ${WAITING}`,
  "CREATE INDEX replies_after ON replies (after_id) WHERE after_id IS NOT NULL",
  "CREATE INDEX replies_by_thread ON replies (thread, created_at) WHERE thread IS NOT NULL",
  "ALTER TABLE conversations ADD COLUMN window_closes_at INTEGER",
  "ALTER TABLE conversations ADD COLUMN opened_by TEXT",
  "ALTER TABLE conversations ADD COLUMN ad TEXT",
  "CREATE TABLE waiting_echoes (event_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  "CREATE INDEX waiting_echoes_by_person ON waiting_echoes (person_id)",
  "CREATE TABLE inbox_texts (text_hash TEXT NOT NULL, person_id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (text_hash, person_id)) STRICT, WITHOUT ROWID",
  "CREATE INDEX inbox_texts_by_time ON inbox_texts (at)",
  // Public replies that already wait next to their private one take its place in the order.
  `UPDATE replies SET wake_at = expires_at, after_id = (${PRIVATE_OF_SAME})
    WHERE kind = 'public_reply' AND state = 'pending' AND attempts = 0 AND EXISTS (${PRIVATE_OF_SAME})`,
];

export const ACCOUNT_MIGRATIONS: readonly Migration[] = [
  INITIAL,
  CONVERSATION_LIST,
  TO_UNKNOWN,
  LAST_SIGNS,
  REPLY_ORDER,
];

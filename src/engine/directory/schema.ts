/** The Directory's tables; described in storage.md. A released step is never edited, only followed. */
import type { Migration } from "../storage/migrate.ts";

const INITIAL: Migration = [
  `CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    connected INTEGER NOT NULL,
    platform TEXT,
    login TEXT,
    username TEXT,
    token_expires_at INTEGER,
    first_seen_at INTEGER NOT NULL,
    last_event_at INTEGER,
    last_reply_at INTEGER,
    open_replies INTEGER NOT NULL,
    hold TEXT,
    sending TEXT NOT NULL,
    awake INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    visited_at INTEGER NOT NULL
  ) STRICT`,
  "CREATE INDEX accounts_awake ON accounts (visited_at) WHERE awake = 1",
  `CREATE TABLE quarantine (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT,
    reason TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    delivery_id TEXT NOT NULL,
    proof TEXT NOT NULL,
    replayed_at INTEGER
  ) STRICT`,
  `CREATE TABLE dead_letters (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    died_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    replayed_at INTEGER
  ) STRICT`,
  `CREATE TABLE parts (
    owner TEXT NOT NULL,
    part INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (owner, part)
  ) STRICT, WITHOUT ROWID`,
];

/** The incident switch, and the console's sign-in. */
const CONSOLE: Migration = [
  `CREATE TABLE incident (
    generation INTEGER NOT NULL,
    stopped_at INTEGER,
    reason TEXT NOT NULL,
    spread INTEGER NOT NULL
  ) STRICT`,
  "ALTER TABLE accounts ADD COLUMN incident INTEGER NOT NULL DEFAULT 0",
  `CREATE TABLE sign_ins (
    client TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    attempts INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

export const DIRECTORY_MIGRATIONS: readonly Migration[] = [INITIAL, CONSOLE];

/** The Directory's tables, described in docs/storage.md. A released migration is never edited; a new one follows. */
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

/** The kill switch (table `incident`), and the console's sign-in. */
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

const CONNECTIONS: Migration = [
  "CREATE TABLE owners (owner_id TEXT NOT NULL, account_id TEXT NOT NULL, PRIMARY KEY (owner_id, account_id)) STRICT, WITHOUT ROWID",
  "CREATE INDEX owners_by_account ON owners (account_id)",
  `CREATE TABLE connect_steps (
    hash TEXT PRIMARY KEY,
    browser TEXT NOT NULL,
    step TEXT NOT NULL,
    login TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    invite_id TEXT,
    sealed TEXT,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX connect_steps_expiring ON connect_steps (expires_at)",
  `CREATE TABLE invites (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    login TEXT,
    label TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    revoked_at INTEGER,
    accounts TEXT NOT NULL
  ) STRICT`,
  `CREATE TABLE erasures (
    code TEXT PRIMARY KEY,
    request_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    subject TEXT,
    accounts TEXT NOT NULL,
    sweep TEXT,
    requested_at INTEGER NOT NULL,
    finished_at INTEGER,
    erased INTEGER NOT NULL,
    people INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX erasures_open ON erasures (requested_at) WHERE finished_at IS NULL",
  "CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
];

/** Accounts whose owner has removed the app: not listed, but found for a deletion request. */
const PARKED: Migration = [
  "CREATE TABLE parked (account_id TEXT PRIMARY KEY, parked_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
];

/** The Page through which an Instagram account sends: both share one subscription at Meta. */
const SHARED: Migration = ["ALTER TABLE accounts ADD COLUMN send_as TEXT"];

export const DIRECTORY_MIGRATIONS: readonly Migration[] = [INITIAL, CONSOLE, CONNECTIONS, PARKED, SHARED];

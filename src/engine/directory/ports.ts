import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import type { Stop } from "../../api/kill-switch.ts";
import type { Sql } from "../storage/sql.ts";

/** The Directory's external dependencies. */
export interface DirectoryPorts {
  sql: Sql;
  now(): number;
  /** Sends a stop of all sending, or its end, to an account. Throws when the account is unreachable. */
  setStop?(accountId: string, stop: Stop | null): Promise<void>;
  /** Runs the work without delaying the current response. */
  background?(work: Promise<unknown>): void;
  /** Returns the event with its content. Throws if the content is not available. */
  unpack(queued: QueuedEvent): Promise<MetaEvent>;
  /** Delivers events to their account. Throws when the account is unreachable. */
  ingest(accountId: string, events: MetaEvent[]): Promise<{ results: ("new" | "duplicate")[] }>;
}

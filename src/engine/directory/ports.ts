import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import type { Stop } from "../../api/kill-switch.ts";
import type { Sql } from "../storage/sql.ts";

/** What the Directory needs from where it runs. */
export interface DirectoryPorts {
  sql: Sql;
  now(): number;
  /** Tells an account that all sending is stopped, or is not. Throws when it cannot be reached. */
  setStop?(accountId: string, stop: Stop | null): Promise<void>;
  /** Runs it beside the request that is being answered. */
  background?(work: Promise<unknown>): void;
  /** The event with its content. Throws where that cannot be had. */
  unpack(queued: QueuedEvent): Promise<MetaEvent>;
  /** Hands events to their account. Throws when it cannot be reached. */
  ingest(accountId: string, events: MetaEvent[]): Promise<{ results: ("new" | "duplicate")[] }>;
}

/** Events as lists show them. */
import type { Decision } from "../../../core/automation/automation.ts";
import type { EventKind, Proof } from "../../../core/event.ts";

/** An event as lists show it; `raw` is the item as Meta wrote it. */
export interface EventItem {
  id: string;
  kind: EventKind;
  field: string;
  accountId: string;
  object: string;
  occurredAt: number;
  receivedAt: number;
  deliveryId: string;
  proof: Proof;
  test: boolean;
  /** How many more times the same update arrived. */
  duplicates: number;
  decisions: Decision[];
  /** Why no automation was asked (`echo`, `standby`, `own_comment` …); null when they were. */
  blocked: string | null;
  replyIds: string[];
  /** Who it is from, and what they wrote. */
  personId: string | null;
  username: string | null;
  text: string | null;
  raw: string;
}

export interface EventQuery {
  kind?: EventKind;
  cursor?: string;
  limit: number;
}

export interface IngestReport {
  /** One for each event given, in order. */
  results: ("new" | "duplicate")[];
}

/** The live feed, and the last day in hours. */
import type { Decision } from "../../../core/automation/automation.ts";
import type { EventKind } from "../../../core/event.ts";
import type { ReplyKind, ReplyState } from "../../../core/reply/reply.ts";
import type { Page } from "./page.ts";

/** `not_answered`: no automation fired. `failed`: a reply to it was refused, expired, or is uncertain. */
export const FEED_OUTCOMES = ["answered", "not_answered", "failed", "duplicated", "test"] as const;
export type FeedOutcome = (typeof FEED_OUTCOMES)[number];

export interface FeedQuery {
  kind?: EventKind;
  outcome?: FeedOutcome;
  /** Looked for in the event as Meta wrote it, and in its id. */
  search?: string;
  cursor?: string;
  /** Only what came after this `seq`, oldest first. */
  after?: number;
  /** Only what came before this `seq`; used without a cursor. */
  before?: number;
  limit: number;
}

/** An event as one row of the live feed. */
export interface FeedRow {
  /** Goes up with each new event of the account. */
  seq: number;
  id: string;
  kind: EventKind;
  field: string;
  occurredAt: number;
  receivedAt: number;
  test: boolean;
  duplicates: number;
  blocked: string | null;
  decisions: Decision[];
  personId: string | null;
  username: string | null;
  /** What the person wrote, cut. */
  text: string | null;
  replies: { id: string; kind: ReplyKind; state: ReplyState; reason: string | null }[];
}

export interface FeedPage extends Page<FeedRow> {
  /** `seq` of the account's newest event, whatever the filter. */
  newest: number;
}

export interface DayHour {
  /** Begin of the hour. */
  at: number;
  events: number;
  duplicates: number;
  /** Replies made in this hour; of them, by now, sent; and refused, expired or uncertain. */
  replies: number;
  sent: number;
  failed: number;
}

export interface Day {
  /** 24, oldest first; the last one is still running. */
  hours: DayHour[];
  lastEventAt: number | null;
  lastReplyAt: number | null;
  openReplies: number;
}

/**
 * The content of an event, typed by kind and read from `raw` when needed. Meta's shapes vary by age and product, so
 * every part may be missing (null). Ids are text.
 */
import type { EventKind, MetaEvent } from "../../core/event.ts";
import { isObject, type JsonObject, objectAt, parseJson } from "../json.ts";
import { messagingItem, messagingKind } from "../reader/messaging.ts";
import { type CommentView, readComment } from "./comment.ts";
import { type HandoverView, type PolicyView, readHandover, readPolicy } from "./control.ts";
import { type EchoView, readEcho } from "./echo.ts";
import {
  type OptinView,
  type PostbackView,
  readOptin,
  readPostback,
  readReferralEvent,
  type ReferralView,
} from "./entry-points.ts";
import { type FeedView, readFeed } from "./feed.ts";
import { type MentionView, readMention } from "./mention.ts";
import { type DeletedView, type EditView, type MessageView, readDeleted, readEdit, readMessage } from "./message.ts";
import { type ReactionView, readReaction } from "./reaction.ts";
import { type DeliveryView, readDeliveryReceipt, readSeen, type SeenView } from "./receipts.ts";
import { readStoryInsights, type StoryInsightsView } from "./story-insights.ts";
import { senderId } from "./parts.ts";

/** An event in a thread that another app owns. */
export interface StandbyView {
  kind: "standby";
  inner: View;
}

/** Kinds without a typed view: the parsed item, unchanged. */
export interface OtherView {
  kind:
    | "response_feedback"
    | "account_linking"
    | "game_play"
    | "order"
    | "change"
    | "changed_fields"
    | "unknown"
    | "quarantine";
  personId: string | null;
  value: unknown;
}

export type View =
  | CommentView
  | MentionView
  | MessageView
  | EchoView
  | DeletedView
  | EditView
  | ReactionView
  | PostbackView
  | ReferralView
  | OptinView
  | SeenView
  | DeliveryView
  | HandoverView
  | StandbyView
  | FeedView
  | PolicyView
  | StoryInsightsView
  | OtherView;

/** The fields of an event that a view is read from. */
export type Viewable = Pick<MetaEvent, "kind" | "accountId" | "raw">;

/**
 * The typed view of an event. `raw` must be present: inflate `rawGzip` or fetch `rawKey` first. Never throws: if `raw`
 * is not a JSON object, the parts of the view are null.
 */
export function readView(event: Viewable): View {
  const value = parsed(event.raw);
  return viewOf(event.kind, isObject(value) ? value : null, event.accountId, value);
}

function viewOf(kind: EventKind, raw: JsonObject | null, accountId: string, value: unknown): View {
  const change = objectAt(raw, "value");
  const item = raw === null ? null : messagingItem(raw);
  switch (kind) {
    case "comment":
    case "live_comment":
      return readComment(kind, change, accountId);
    case "mention":
      return readMention(change, accountId);
    case "story_insights":
      return readStoryInsights(change);
    case "feed":
      return readFeed(change, accountId);
    case "message":
      return readMessage(item, accountId);
    case "echo":
      return readEcho(item);
    case "message_deleted":
      return readDeleted(item, accountId);
    case "message_edit":
      return readEdit(item, accountId);
    case "reaction":
      return readReaction(item, accountId);
    case "postback":
      return readPostback(item, accountId);
    case "referral":
      return readReferralEvent(item);
    case "optin":
      return readOptin(item);
    case "seen":
      return readSeen(item, accountId);
    case "delivery":
      return readDeliveryReceipt(item, accountId);
    case "handover":
      return readHandover(item);
    case "policy_enforcement":
      return readPolicy(item);
    case "standby": {
      const inner = (item === null ? null : messagingKind(item)) ?? "unknown";
      return { kind, inner: viewOf(inner, raw, accountId, value) };
    }
    case "response_feedback":
    case "account_linking":
    case "game_play":
    case "order":
    case "change":
    case "changed_fields":
    case "unknown":
    case "quarantine":
      return { kind, personId: senderId(item), value };
  }
}

function parsed(raw: string): unknown {
  try {
    return parseJson(raw);
  } catch {
    return null;
  }
}

/** Labels for the codes of the engine: kinds, states and reasons. Shared by the pages and the script. */
import type { MissReason } from "../core/automation/automation.ts";
import type { EventKind } from "../core/event.ts";
import type { ReplyKind, ReplyState } from "../core/reply/reply.ts";

export const EVENT_LABELS: Readonly<Record<EventKind, string>> = {
  comment: "Comment",
  live_comment: "Live comment",
  mention: "Mention",
  story_insights: "Story insights",
  message: "Message",
  message_deleted: "Message unsent",
  message_edit: "Message edited",
  echo: "Echo",
  reaction: "Reaction",
  postback: "Button",
  referral: "Referral",
  seen: "Seen",
  delivery: "Delivered",
  optin: "Opt-in",
  handover: "Handover",
  standby: "Standby",
  response_feedback: "Feedback",
  policy_enforcement: "Policy",
  account_linking: "Account linking",
  game_play: "Game play",
  order: "Order",
  feed: "Page feed",
  change: "Change",
  changed_fields: "Changed fields",
  unknown: "Unknown",
  quarantine: "Quarantine",
};

export const REPLY_LABELS: Readonly<Record<ReplyKind, string>> = {
  private_reply: "Private reply",
  public_reply: "Public reply",
  message: "Message",
};

export const STATE_LABELS: Readonly<Record<ReplyState, string>> = {
  pending: "Pending",
  sending: "Sending",
  sent: "Sent",
  refused: "Refused",
  uncertain: "Uncertain",
  cancelled: "Cancelled",
  expired: "Expired",
};

/** What each state means. Shown below its tab. */
export const STATE_MEANINGS: Readonly<Record<ReplyState, string>> = {
  pending: "Waiting for their reply delay, or for Meta's rate limits.",
  sending: "Being sent to Meta right now.",
  sent: "Accepted by Meta, or confirmed by an echo.",
  refused: "Rejected by Meta, with Meta's reason.",
  uncertain: "Delivery status unknown. An echo, Meta's response to a retry, or you can resolve it.",
  cancelled: "Cancelled before they were sent.",
  expired: "Meta's reply window closed before they could be sent.",
};

/** Why an automation was not triggered. Follows the automation's name. */
export const MISS_LABELS: Readonly<Record<MissReason, string>> = {
  disabled: "is turned off",
  other_trigger: "has a different trigger",
  other_media: "is limited to other posts",
  no_keyword: "has no matching keyword",
  own_comment: "ignores the account's own comments",
  echo: "ignores messages that the account sent",
  automatic_reply: "ignores Meta's automatic replies",
  standby: "is on standby: another app controls this conversation",
  test_event: "ignores tests from the App Dashboard",
  ad_copy: "has already replied to this comment on the post behind the ad",
  already_replied: "was skipped: the event already has a reply",
  referral_answered: "was skipped: a referral automation replies to this event",
  public_reply_limit: "was skipped: this thread or person has reached the hourly limit of public replies",
  outside_window: "is too late: Meta's reply window has closed",
  human_active: "is paused: human handover",
  conversation_cap: "is paused: this person has reached the hourly limit of automated messages",
  paused: "is paused",
  deleted: "ignores deleted comments and messages",
  erased: "does not reply: this person's data was deleted",
  not_connected: "cannot send: the account has no token",
  no_target: "has no recipient for this event",
  template_empty: "produced an empty text: all of its template fields were empty",
};

/** The same in a word or two, for a row of the feed. */
export const MISS_SHORT_LABELS: Readonly<Record<MissReason, string>> = {
  disabled: "turned off",
  other_trigger: "different trigger",
  other_media: "other post",
  no_keyword: "no keyword",
  own_comment: "own comment",
  echo: "echo",
  automatic_reply: "automatic reply",
  standby: "standby",
  test_event: "test event",
  ad_copy: "already replied",
  already_replied: "already replied",
  referral_answered: "referral replied",
  public_reply_limit: "hourly limit",
  outside_window: "window closed",
  human_active: "human handover",
  conversation_cap: "hourly limit",
  paused: "paused",
  deleted: "deleted",
  erased: "data deleted",
  not_connected: "not connected",
  no_target: "no recipient",
  template_empty: "empty text",
};

/** Why no automation was evaluated. */
export const BLOCK_LABELS: Readonly<Record<string, string>> = {
  echo: "An echo: the account sent this message.",
  automatic_reply: "Meta's own automatic reply (instant reply, away message or FAQ). Automations go on.",
  standby: "Another app controls this conversation.",
  own_comment: "The account wrote this comment.",
  test_event: "A test from the App Dashboard.",
  unreadable: "Replyline failed to parse this event. It is stored: replay it after an update.",
};

/** Reasons that Replyline gives, in contrast to Meta's codes. */
const REPLY_REASONS: Readonly<Record<string, string>> = {
  no_answer: "Replyline restarted before Meta responded.",
  timeout: "The request to Meta timed out.",
  network: "The connection to Meta failed.",
  echo: "Confirmed by an echo.",
  presumed: "Meta rejected a second attempt, which confirms the first.",
  resolved: "Resolved manually.",
  window_closed: "Meta's reply window closed first.",
  comment_gone: "The comment was deleted or hidden.",
  message_unsent: "The message was unsent.",
  human_answered: "A person replied instead.",
  by_request: "Cancelled manually.",
  dry_run: "Dry run: it would have been sent at this time.",
  private_reply_unsent: "Its private reply was not sent.",
  erased: "The person's data was deleted.",
  disconnected: "The account was disconnected.",
  bad_id: "The recipient id is not a valid Meta id.",
  sender_unreachable: "Replyline's sender, which calls Meta, could not be reached.",
  token_unreadable: "The stored token cannot be decrypted. Check whether TOKEN_ENCRYPTION_KEY was changed.",
  template_empty: "The text was empty after its template fields were filled in.",
  stale_attempt: "The attempt was too old to send. It is repeated.",
  unreadable_answer: "Meta's response could not be parsed.",
  policy_enforcement: "Meta has blocked this account's messaging for a policy violation.",
  already_replied: "The comment already has a private reply.",
};

/** A reply's reason as text; null for Meta's codes, which `GET /api/errors` explains. */
export function replyReasonLabel(reason: string): string | null {
  if (REPLY_REASONS[reason] !== undefined) return REPLY_REASONS[reason];
  if (/^http_\d+$/.test(reason)) return `Meta returned HTTP ${reason.slice(5)}; delivery status unknown.`;
  return null;
}

/** Why nothing is sent at the moment: by code, or by kind of problem where the code has no label. */
export const HOLD_LABELS: Readonly<Record<string, string>> = {
  wrong_account: "The token belongs to another account. Connect this account again.",
  token_unreadable: "The stored token cannot be decrypted. Check whether TOKEN_ENCRYPTION_KEY was changed.",
  token: "The access token is no longer valid. Connect the account again.",
  permission: "A permission is missing. Connect the account again and grant it.",
  blocked: "Meta has temporarily blocked messaging for this account.",
};

/** An event that the reconciler added. */
export const FOUND_SENTENCE = "Meta did not deliver this event; Replyline found it.";

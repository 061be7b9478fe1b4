/** The console's words for what the engine says in codes. Shared by the pages and the script. */
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

/** What each state means, for the head of its tab. */
export const STATE_MEANINGS: Readonly<Record<ReplyState, string>> = {
  pending: "Waiting for their time, or for room in Meta's limits.",
  sending: "On their way to Meta at this moment.",
  sent: "Meta has taken them, or its echo has proved that they arrived.",
  refused: "Meta will not take them. The reason is Meta's own.",
  uncertain:
    "May have been sent: no answer came back. Settled by an echo, by Meta's refusal of a second try, or by you.",
  cancelled: "Taken back before they left.",
  expired: "Meta's window closed before they could leave.",
};

/** Why an automation did not fire. */
export const MISS_LABELS: Readonly<Record<MissReason, string>> = {
  disabled: "is switched off",
  other_trigger: "listens to something else",
  other_media: "is for other posts",
  no_keyword: "found none of its keywords",
  own_comment: "does not answer the account's own comment",
  echo: "does not answer what the account itself sent",
  standby: "stands by: another app owns this conversation",
  test_event: "does not answer a test from the App Dashboard",
  ad_copy: "answered this comment already, under the post that the ad was made from",
  already_replied: "is not needed: there is a reply already",
  outside_window: "is too late: Meta's window has closed",
  human_active: "stands back: a person answers this conversation",
  conversation_cap: "stands back: this person has had enough automated messages for an hour",
  paused: "is paused",
  deleted: "does not answer what was deleted",
  erased: "does not answer somebody whose data was erased",
  not_connected: "cannot send: the account has no token",
  no_target: "has nobody to answer here",
  template_empty: "came out blank: every field in its text was empty",
};

/** Why no automation was asked at all. */
export const BLOCK_LABELS: Readonly<Record<string, string>> = {
  echo: "An echo: what the account itself sent.",
  standby: "Another app owns this conversation.",
  own_comment: "The account's own comment.",
  test_event: "A test from the App Dashboard.",
  unreadable: "Reading it failed inside Replyline. It is kept; replay it after an update.",
};

/** Reasons of a reply that are ours and not Meta's. */
const REPLY_REASONS: Readonly<Record<string, string>> = {
  no_answer: "No answer came back before the object that sent it was gone.",
  timeout: "Meta did not answer in time.",
  network: "The connection to Meta broke.",
  echo: "Proved by its echo.",
  presumed: "Meta refused a second try, which proves the first.",
  resolved: "Settled by a person.",
  window_closed: "Meta's window closed first.",
  comment_gone: "The comment was deleted or hidden.",
  message_unsent: "The message was unsent.",
  human_answered: "A person answered instead.",
  by_request: "Cancelled by hand.",
  dry_run: "Dry run: it would have been sent now.",
  private_reply_unsent: "Its private reply did not go out.",
  erased: "The person's data was erased.",
  disconnected: "The account was disconnected.",
  bad_id: "Meta's ids are numbers or mids; this one is neither.",
  sender_unreachable: "The part of Replyline that calls Meta could not be reached.",
  token_unreadable: "The stored token cannot be decrypted: has TOKEN_ENCRYPTION_KEY changed?",
  template_empty: "The text came out blank once Meta had been asked.",
  stale_attempt: "The attempt was too old to leave; it is made again.",
  unreadable_answer: "Meta's answer could not be read.",
  policy_enforcement: "Meta has blocked this account's messaging for a policy violation.",
  already_replied: "The comment has its private reply already.",
};

/** A reply's reason in words; null for Meta's codes, which `GET /api/errors` explains. */
export function replyReasonLabel(reason: string): string | null {
  if (REPLY_REASONS[reason] !== undefined) return REPLY_REASONS[reason];
  if (/^http_\d+$/.test(reason)) return `Meta answered ${reason.slice(5)}, which says nothing about the reply.`;
  return null;
}

/** Why nothing is sent at the moment: by the code, where it has words of its own, else by the kind of problem. */
export const HOLD_LABELS: Readonly<Record<string, string>> = {
  wrong_account: "The token is another account's: connect this one again.",
  token_unreadable: "The stored token cannot be decrypted: has TOKEN_ENCRYPTION_KEY changed?",
  token: "The token is not valid any more: connect the account again.",
  permission: "Meta says that a permission is missing.",
  blocked: "Meta has blocked this account's messaging for a time.",
};

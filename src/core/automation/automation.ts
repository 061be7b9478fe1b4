/**
 * Automations: which events an account replies to, and with what. The API, the console and `decide` share this model.
 */

export const TRIGGERS = [
  "comment",
  "live_comment",
  "mention",
  "message",
  "story_reply",
  "story_mention",
  "postback",
  "referral",
  "reaction",
  "optin",
] as const;
export type TriggerOn = (typeof TRIGGERS)[number];

/**
 * `word`: whole Unicode words, case-folded. `contains`: anywhere. `exact`: the whole text. `any`: no keyword needed.
 */
export const MATCHES = ["word", "contains", "exact", "any"] as const;
export type Match = (typeof MATCHES)[number];

/** Comment triggers use `privateReply` and `publicReply`. All others use `message`. */
export const COMMENT_TRIGGERS: readonly TriggerOn[] = ["comment", "live_comment", "mention"];

/**
 * What to send: a text template, or an attachment or template in the format of the Send API, which is sent unchanged
 * (documentation: Instagram Platform, Messaging API; Messenger Platform, Send messages).
 */
export interface MessageContent {
  text?: string;
  attachment?: { type: string; payload?: unknown };
  quick_replies?: unknown[];
}

export interface Automation {
  id: string;
  name: string;
  enabled: boolean;
  trigger: {
    on: TriggerOn;
    keywords: string[];
    match: Match;
    /** Only on these media (comments, live comments, mentions). Empty: on all. */
    mediaIds: string[];
  };
  actions: {
    privateReply?: MessageContent;
    /** One of these is chosen for each comment. */
    publicReply?: {
      texts: string[];
      /** Posted instead when Meta refuses the private reply. Without it nothing is posted then. */
      whenRefused?: string[];
    };
    message?: MessageContent;
  };
  /** Seconds from the time of receipt to the reply. Absent: the account's setting applies. */
  deferSeconds?: number;
}

/** Why an automation was not triggered. Shown with each event. The names are part of the API. */
export const MISS_REASONS = [
  "disabled",
  "other_trigger",
  "other_media",
  "no_keyword",
  "own_comment",
  "echo",
  /** Sent by Meta's own automation: an instant reply, an away message, an answer to a frequent question. */
  "automatic_reply",
  "standby",
  "test_event",
  "ad_copy",
  "already_replied",
  /** The person came by a link or an ad, and an automation for referrals answers that. One click, one answer. */
  "referral_answered",
  /** The thread or the person has had its public replies for this hour: what ends a loop, whatever its cause. */
  "public_reply_limit",
  "outside_window",
  "human_active",
  "conversation_cap",
  "paused",
  "deleted",
  "erased",
  "not_connected",
  /** There is no recipient: a mention in a caption has no comment, and some opt-ins have no person. */
  "no_target",
  /** The rendered text is blank because all its fields were blank. */
  "template_empty",
] as const;
export type MissReason = (typeof MISS_REASONS)[number];

/** What one automation decided about one event. */
export type Decision =
  | { automationId: string; fired: true; replyIds: string[] }
  | { automationId: string; fired: false; reason: MissReason };

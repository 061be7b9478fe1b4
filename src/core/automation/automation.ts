/** What an account answers, and when: the model that the API takes, the console edits and `decide` reads. */

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

/** `word`: whole Unicode words, case-folded. `contains`: anywhere. `exact`: the whole text. `any`: no keyword needed. */
export const MATCHES = ["word", "contains", "exact", "any"] as const;
export type Match = (typeof MATCHES)[number];

/** Triggers on a comment; they act with `privateReply` and `publicReply`. All others act with `message`. */
export const COMMENT_TRIGGERS: readonly TriggerOn[] = ["comment", "live_comment", "mention"];

/**
 * What to send: `text` is a template; or an attachment or template in the Send API's own form, sent as it stands
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
  /** Seconds between the receiver's time and the reply; the account's setting where absent. */
  deferSeconds?: number;
}

/** Why an automation did not fire. Shown with each event; other people's scripts read these names. */
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
  /** The thread or the person has had its public replies for this hour: what ends a loop, whatever its cause. */
  "public_reply_limit",
  "outside_window",
  "human_active",
  "conversation_cap",
  "paused",
  "deleted",
  "erased",
  "not_connected",
  /** Nobody and nothing to answer: a mention in a caption has no comment, some opt-ins have no person. */
  "no_target",
  /** The rendered text is blank, because every field in it was. */
  "template_empty",
] as const;
export type MissReason = (typeof MISS_REASONS)[number];

/** What one automation decided about one event. */
export type Decision =
  | { automationId: string; fired: true; replyIds: string[] }
  | { automationId: string; fired: false; reason: MissReason };

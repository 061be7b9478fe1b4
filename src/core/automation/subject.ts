/** The input of automations: the same fields for every kind of event. */
import type { MissReason, TriggerOn } from "./automation.ts";

export interface Subject {
  /** The triggers that match this event; empty for events that are only captured (seen, delivery, echo …). */
  on: readonly TriggerOn[];
  /** Why this event never triggers an automation: an echo, an own comment, standby, a test event … */
  blocked: MissReason | null;
  /** The text for templates, and for keywords without `keywordTexts`: comment, message, payload of a postback, or `ref` of a referral. */
  text: string | null;
  /**
   * By trigger: all texts that its keywords are matched against, any of which may match. Absent: `text` alone. A message
   * has the payload of its quick reply here, a postback its title, and both the `ref` of the link that they came by.
   */
  keywordTexts: Readonly<Partial<Record<TriggerOn, readonly string[]>>>;
  /** The person on the other side, as an Instagram- or Page-scoped id. */
  personId: string | null;
  username: string | null;
  /** The comment to reply to, privately or publicly. */
  commentId: string | null;
  /** The parent comment, if this comment is a reply. */
  parentId: string | null;
  /** `mid` of the message, postback or reaction; null for comments. Unsending it cancels the reply. */
  messageId: string | null;
  /** The media (Instagram) or post (Page) of the comment. */
  mediaId: string | null;
  /** For a comment on an ad: the media that the ad was made from. */
  originalMediaId: string | null;
  /**
   * All names of the media: its id, the media behind an ad, and for a Page's post also the ids of its photo, video or
   * reel. Keywords of `mediaIds` match any of them, with or without the Page's id in front.
   */
  mediaIds: readonly string[];
  /** Template fields other than username and text (`payload`, `ref`, `media.id`, `story.url` …). */
  fields: Readonly<Record<string, string>>;
}

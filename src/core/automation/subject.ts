/** What an automation looks at: the same few facts, whatever kind of event they were read from. */
import type { MissReason, TriggerOn } from "./automation.ts";

export interface Subject {
  /** The triggers that this event can fire; empty for events that are only captured (seen, delivery, echo …). */
  on: readonly TriggerOn[];
  /** Why nothing may fire, whatever the automations say: an echo, an own comment, standby, a test event … */
  blocked: MissReason | null;
  /** What keywords are compared with: the comment, the message, the payload of a postback, the `ref` of a referral. */
  text: string | null;
  /** The person on the other side, as an Instagram- or Page-scoped id. */
  personId: string | null;
  username: string | null;
  /** The comment to answer privately or publicly. */
  commentId: string | null;
  /** The comment above it, where it is itself a reply. */
  parentId: string | null;
  /** `mid` of the message, postback or reaction; null for comments. Unsending it cancels the reply. */
  messageId: string | null;
  /** The media (Instagram) or post (Page) under which the comment stands. */
  mediaId: string | null;
  /** For a comment under an ad: the media that the ad was made from. */
  originalMediaId: string | null;
  /** Template fields beside username and text (`payload`, `ref`, `media.id`, `story.url` …). */
  fields: Readonly<Record<string, string>>;
}

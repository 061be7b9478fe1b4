/** What a template may name, trigger by trigger. */
import { type TriggerOn, TRIGGERS } from "./automation.ts";
import type { TemplateRead } from "./plan.ts";

export interface TemplateField {
  name: string;
  /** Triggers whose events can carry it. Not every event does: give a default (`{{username|there}}`). */
  on: readonly TriggerOn[];
  meaning: string;
  /** In somebody else's words, and as long as they like; cut in the reply. Ids and addresses are never cut. */
  freeText: boolean;
}

const COMMENTS: readonly TriggerOn[] = ["comment", "live_comment"];

export const TEMPLATE_FIELDS: readonly TemplateField[] = [
  { name: "username", on: TRIGGERS, meaning: "name of the person, where Meta gives it", freeText: false },
  { name: "text", on: TRIGGERS, meaning: "what they wrote", freeText: true },
  { name: "comment.id", on: [...COMMENTS, "mention"], meaning: "id of the comment", freeText: false },
  { name: "media.id", on: [...COMMENTS, "mention"], meaning: "id of the post or reel", freeText: false },
  { name: "media.type", on: COMMENTS, meaning: "FEED, REELS, STORY, AD …", freeText: false },
  { name: "ad.title", on: COMMENTS, meaning: "title of the ad", freeText: true },
  { name: "parent.text", on: COMMENTS, meaning: "the comment that theirs replies to; read first", freeText: true },
  { name: "media.permalink", on: COMMENTS, meaning: "address of the post or reel; read first", freeText: false },
  { name: "story.id", on: ["story_reply"], meaning: "id of the story", freeText: false },
  { name: "story.url", on: ["story_reply", "story_mention"], meaning: "address of the story", freeText: false },
  { name: "payload", on: ["message", "postback", "optin"], meaning: "payload of the button", freeText: true },
  { name: "title", on: ["postback", "optin"], meaning: "text on the button", freeText: true },
  { name: "ref", on: ["message", "postback", "referral", "optin"], meaning: "ref of the link", freeText: true },
  { name: "source", on: ["message", "postback", "referral"], meaning: "where the link stood", freeText: false },
  { name: "ad.id", on: [...COMMENTS, "message", "referral"], meaning: "id of the ad", freeText: false },
  { name: "reaction", on: ["reaction"], meaning: "name of the reaction", freeText: false },
  { name: "emoji", on: ["reaction"], meaning: "the reaction as an emoji", freeText: false },
];

/** Fields that no event carries: each costs a Graph read before the send. */
export const TEMPLATE_READS: readonly TemplateRead[] = ["parent.text", "media.permalink"];

export const isTemplateRead = (name: string): name is TemplateRead => TEMPLATE_READS.some((read) => read === name);

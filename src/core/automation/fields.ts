/** What a template may name, trigger by trigger. */
import { type TriggerOn, TRIGGERS } from "./automation.ts";

export interface TemplateField {
  name: string;
  /** Triggers whose events can carry it. Not every event does: give a default (`{{username|there}}`). */
  on: readonly TriggerOn[];
  meaning: string;
  /** In somebody else's words, and as long as they like; cut in the reply. Ids and addresses are never cut. */
  freeText: boolean;
}

const COMMENTS: readonly TriggerOn[] = ["comment", "live_comment"];
const MESSAGES: readonly TriggerOn[] = ["message", "story_reply", "story_mention"];
/** Events that can carry the link or the ad through which somebody came. */
const ARRIVALS: readonly TriggerOn[] = [...MESSAGES, "postback", "referral"];

export const TEMPLATE_FIELDS: readonly TemplateField[] = [
  { name: "username", on: TRIGGERS, meaning: "name of the person, where Meta gives it", freeText: false },
  { name: "text", on: TRIGGERS, meaning: "what they wrote", freeText: true },
  { name: "comment.id", on: [...COMMENTS, "mention"], meaning: "id of the comment", freeText: false },
  { name: "parent.id", on: COMMENTS, meaning: "id of the comment that theirs replies to", freeText: false },
  { name: "parent.text", on: COMMENTS, meaning: "that comment; read from Meta before the send", freeText: true },
  { name: "media.id", on: [...COMMENTS, "mention"], meaning: "id of the post or reel", freeText: false },
  { name: "media.type", on: COMMENTS, meaning: "FEED, REELS, AD …", freeText: false },
  { name: "media.permalink", on: COMMENTS, meaning: "its address; read from Meta before the send", freeText: false },
  { name: "ad.id", on: [...COMMENTS, ...ARRIVALS], meaning: "id of the ad", freeText: false },
  { name: "ad.title", on: [...COMMENTS, ...ARRIVALS], meaning: "title of the ad", freeText: true },
  { name: "story.id", on: MESSAGES, meaning: "id of the story", freeText: false },
  { name: "story.url", on: MESSAGES, meaning: "address of the story", freeText: false },
  { name: "payload", on: [...MESSAGES, "postback", "optin"], meaning: "payload of the button", freeText: true },
  { name: "title", on: ["postback", "optin"], meaning: "text on the button", freeText: true },
  { name: "ref", on: [...ARRIVALS, "optin"], meaning: "ref of the link", freeText: true },
  { name: "source", on: ARRIVALS, meaning: "where the link stood", freeText: false },
  { name: "reaction", on: ["reaction"], meaning: "name of the reaction", freeText: false },
  { name: "emoji", on: ["reaction"], meaning: "the reaction as an emoji", freeText: false },
];

/** Fields that no event carries: each costs a Graph read before the send. */
export const TEMPLATE_READS = ["parent.text", "media.permalink"] as const;
export type TemplateRead = (typeof TEMPLATE_READS)[number];

export const isTemplateRead = (name: string): name is TemplateRead => TEMPLATE_READS.some((read) => read === name);

/** The fields that a template can use, by trigger. */
import { type TriggerOn, TRIGGERS } from "./automation.ts";

export interface TemplateField {
  name: string;
  /** Triggers whose events can contain the field. It may still be missing, so use a default (`{{username|there}}`). */
  on: readonly TriggerOn[];
  meaning: string;
  /** Free text of any length, shortened in the reply. Ids and URLs are never shortened. */
  freeText: boolean;
}

const COMMENTS: readonly TriggerOn[] = ["comment", "live_comment"];
const MESSAGES: readonly TriggerOn[] = ["message", "story_reply", "story_mention"];
/** Events that can contain the link or ad that opened the conversation. */
const ARRIVALS: readonly TriggerOn[] = [...MESSAGES, "postback", "referral"];

export const TEMPLATE_FIELDS: readonly TemplateField[] = [
  { name: "username", on: TRIGGERS, meaning: "name of the person, if Meta provides it", freeText: false },
  { name: "text", on: TRIGGERS, meaning: "text of the comment or message", freeText: true },
  { name: "comment.id", on: [...COMMENTS, "mention"], meaning: "id of the comment", freeText: false },
  { name: "parent.id", on: COMMENTS, meaning: "id of the parent comment", freeText: false },
  {
    name: "parent.text",
    on: COMMENTS,
    meaning: "text of the parent comment; read from Meta before the send",
    freeText: true,
  },
  { name: "media.id", on: [...COMMENTS, "mention"], meaning: "id of the post or reel", freeText: false },
  { name: "media.type", on: COMMENTS, meaning: "FEED, REELS, AD …", freeText: false },
  {
    name: "media.permalink",
    on: COMMENTS,
    meaning: "URL of the post or reel; read from Meta before the send",
    freeText: false,
  },
  { name: "ad.id", on: [...COMMENTS, ...ARRIVALS], meaning: "id of the ad", freeText: false },
  { name: "ad.title", on: [...COMMENTS, ...ARRIVALS], meaning: "title of the ad", freeText: true },
  { name: "story.id", on: MESSAGES, meaning: "id of the story", freeText: false },
  { name: "story.url", on: MESSAGES, meaning: "URL of the story", freeText: false },
  { name: "payload", on: [...ARRIVALS, "optin"], meaning: "payload of the button", freeText: true },
  { name: "title", on: ["postback", "referral", "optin"], meaning: "text on the button", freeText: true },
  { name: "ref", on: [...ARRIVALS, "optin"], meaning: "ref of the link", freeText: true },
  { name: "source", on: ARRIVALS, meaning: "where the link was used", freeText: false },
  { name: "reaction", on: ["reaction"], meaning: "name of the reaction", freeText: false },
  { name: "emoji", on: ["reaction"], meaning: "the reaction as an emoji", freeText: false },
];

/** Fields that no event contains. Each needs a Graph API read before the send. */
export const TEMPLATE_READS = ["parent.text", "media.permalink"] as const;
export type TemplateRead = (typeof TEMPLATE_READS)[number];

export const isTemplateRead = (name: string): name is TemplateRead => TEMPLATE_READS.some((read) => read === name);

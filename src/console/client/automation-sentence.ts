/** An automation as one sentence. */
import { type Automation, COMMENT_TRIGGERS, type TriggerOn } from "../../core/automation/automation.ts";
import { plural } from "../format.ts";

export const TRIGGER_LABELS: Readonly<Record<TriggerOn, string>> = {
  comment: "a comment",
  live_comment: "a comment on a live video",
  mention: "a mention",
  message: "a message",
  story_reply: "an answer to a story",
  story_mention: "a mention in a story",
  postback: "a pressed button",
  referral: "an arrival through a link",
  reaction: "a reaction",
  optin: "an opt-in",
};

export const MATCH_LABELS = {
  word: "has one of these words",
  contains: "contains one of these",
  exact: "is exactly one of these",
  any: "whatever it says",
} as const;

export function automationSentence({ trigger, actions, deferSeconds }: Automation): string {
  const { on, keywords, match, mediaIds } = trigger;
  const words = keywords
    .slice(0, 4)
    .map((keyword) => `“${keyword}”`)
    .join(", ");
  const rest = keywords.length > 4 ? ` and ${keywords.length - 4} more` : "";
  const when =
    match === "any"
      ? TRIGGER_LABELS[on]
      : `${TRIGGER_LABELS[on]} that ${MATCH_LABELS[match].replace(/ (these words|these)$/, "")}${match === "word" ? " the words" : ""} ${words}${rest}`;
  const where =
    mediaIds.length > 0 && COMMENT_TRIGGERS.includes(on) ? ` under ${plural(mediaIds.length, "chosen post")}` : "";
  const does = [
    actions.privateReply !== undefined && "a private reply",
    actions.publicReply !== undefined && "a public reply",
    actions.message !== undefined && "a message",
  ].filter((one) => one !== false);
  const later = deferSeconds === undefined ? "" : ` after ${plural(deferSeconds, "second")}`;
  return `On ${when}${where}: ${does.join(" and ") || "nothing"}${later}.`;
}

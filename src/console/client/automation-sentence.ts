/** An automation as one sentence. */
import { type Automation, COMMENT_TRIGGERS, type TriggerOn } from "../../core/automation/automation.ts";
import { plural } from "../format.ts";

export const TRIGGER_LABELS: Readonly<Record<TriggerOn, string>> = {
  comment: "a comment",
  live_comment: "a live video comment",
  mention: "a mention",
  message: "a message",
  story_reply: "a story reply",
  story_mention: "a story mention",
  postback: "a button click",
  referral: "a referral link",
  reaction: "a reaction",
  optin: "an opt-in",
};

export const MATCH_LABELS = {
  word: "whole words",
  contains: "part of the text",
  exact: "the exact text",
  any: "any text",
} as const;

/** Followed by the keywords. */
const MATCH_VERBS = { word: "contains the word", contains: "contains", exact: "is exactly" } as const;

/** Keywords that are named; of more, only the number. */
const NAMED = 4;

export function automationSentence({ trigger, actions, deferSeconds }: Automation): string {
  const { on, keywords, match, mediaIds } = trigger;
  const alternatives = keywords.slice(0, NAMED).map((keyword) => `“${keyword}”`);
  if (keywords.length > NAMED) alternatives.push(`${keywords.length - NAMED} more`);
  const words = [alternatives.slice(0, -1).join(", "), alternatives.at(-1)].filter(Boolean).join(" or ");
  const when = match === "any" ? TRIGGER_LABELS[on] : `${TRIGGER_LABELS[on]} that ${MATCH_VERBS[match]} ${words}`;
  const where =
    mediaIds.length > 0 && COMMENT_TRIGGERS.includes(on) ? ` on ${plural(mediaIds.length, "selected post")}` : "";
  const does = [
    actions.privateReply !== undefined && "a private reply",
    actions.publicReply !== undefined && "a public reply",
    actions.message !== undefined && "a message",
  ].filter((one) => one !== false);
  const later = deferSeconds === undefined ? "" : ` after ${plural(deferSeconds, "second")}`;
  return `On ${when}${where}: ${does.join(" and ") || "no reply"}${later}.`;
}

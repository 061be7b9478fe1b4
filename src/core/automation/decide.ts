/**
 * Evaluates an account's automations for one event. Pure: the same event, automations, context and random numbers
 * give the same result, so a backtest over captured events shows what would have happened.
 */
import {
  type Automation,
  COMMENT_TRIGGERS,
  type MessageContent,
  type MissReason,
  type TriggerOn,
} from "./automation.ts";
import type { TemplateRead } from "./fields.ts";
import { foldText, matchesFolded } from "./match.ts";
import type { Subject } from "./subject.ts";
import { readsOf, renderBeforeReads } from "./template.ts";
import type { ReplyKind } from "../reply/reply.ts";

/**
 * Returns one result per automation, in the same order.
 *
 * Meta allows one private reply per comment. The first triggered automation creates it. A later automation that has
 * only a private reply is skipped with `already_replied`. One that also has a public reply still posts it, because
 * a public reply is a separate action. The same applies when the comment already had its private reply before. For a
 * replayed event, the ledger's key (event, automation, kind) prevents a second public reply.
 *
 * @param random in [0, 1); chooses the text of a public reply
 */
export function decide(
  subject: Subject,
  automations: readonly Automation[],
  context: DecisionContext,
  random: () => number,
): Verdict[] {
  const folded = foldedTexts(subject);
  const known = knownTo(subject);
  // The link or the ad says more about what the person wants than the message or button that came with it.
  const referralAnswers =
    subject.on.length > 1 &&
    subject.on.includes("referral") &&
    automations.some(
      (automation) =>
        automation.trigger.on === "referral" &&
        missReason(subject, folded, automation, context) === null &&
        plan(automation, known, random).length > 0,
    );
  let { privateReplyTaken, publicRepliesLeft } = context;
  return automations.map((automation) => {
    const reason = missReason(subject, folded, automation, context);
    if (reason !== null) return missed(automation, reason);
    if (referralAnswers && automation.trigger.on !== "referral") return missed(automation, "referral_answered");
    const replies = plan(automation, known, random);
    if (replies.length === 0) return missed(automation, "template_empty");
    const available = privateReplyTaken ? replies.filter((reply) => reply.kind !== "private_reply") : replies;
    if (available.length === 0) return missed(automation, "already_replied");
    const allowed = publicRepliesLeft > 0 ? available : available.filter((reply) => reply.kind !== "public_reply");
    if (allowed.length === 0) return missed(automation, "public_reply_limit");
    privateReplyTaken ||= allowed.some((reply) => reply.kind === "private_reply");
    if (allowed.some((reply) => reply.kind === "public_reply")) publicRepliesLeft--;
    return { automationId: automation.id, fired: true, replies: allowed };
  });
}

/**
 * The first reason why the automation is not triggered, most useful reason first. Null: the automation is triggered.
 */
function missReason(
  subject: Subject,
  folded: FoldedTexts,
  automation: Automation,
  context: DecisionContext,
): MissReason | null {
  const { on, keywords, match } = automation.trigger;
  // Is the automation active, and can this event trigger automations at all?
  if (!automation.enabled) return "disabled";
  if (subject.blocked !== null) return subject.blocked;
  // Does this automation match the event?
  if (!subject.on.includes(on)) return "other_trigger";
  if (!isItsMedia(subject, automation)) return "other_media";
  if (!matchesFolded(folded(on), keywords, match)) return "no_keyword";
  // May it reply now? An automation that gets this far matches the event.
  if (context.gone !== null) return context.gone;
  if (context.adCopy) return "ad_copy";
  if (!hasTarget(subject, automation)) return "no_target";
  if (context.outsideWindow) return "outside_window";
  if (context.humanActive) return "human_active";
  if (context.capReached) return "conversation_cap";
  if (!context.connected) return "not_connected";
  return null;
}

/** The folded texts that the keywords of a trigger are matched against. */
type FoldedTexts = (on: TriggerOn) => readonly string[];

function foldedTexts({ text, keywordTexts }: Subject): FoldedTexts {
  const folded = new Map<TriggerOn | null, readonly string[]>();
  return (on) => {
    const own = keywordTexts[on];
    const key = own === undefined ? null : on;
    const known = folded.get(key) ?? (own ?? (text === null ? [] : [text])).map(foldText);
    folded.set(key, known);
    return known;
  };
}

function missed(automation: Automation, reason: MissReason): Verdict {
  return { automationId: automation.id, fired: false, reason };
}

function isItsMedia(subject: Subject, automation: Automation): boolean {
  const { on, mediaIds } = automation.trigger;
  if (mediaIds.length === 0 || !COMMENT_TRIGGERS.includes(on)) return true;
  // A comment on an ad has the media of the ad, but the owner selected the post that the ad was made from.
  const names = subject.mediaIds.map(shortMediaId);
  return mediaIds.some((id) => names.includes(shortMediaId(id)));
}

/** The id of a Page's post is written as `<page>_<post>` or as `<post>`. */
const shortMediaId = (id: string): string => id.slice(id.lastIndexOf("_") + 1);

/**
 * Whether only the media keeps an automation from this event: its keywords match, and it is limited to other posts. Then
 * it is worth asking Meta for the comment's media, because Instagram names a picture inside an album.
 */
export function missesByMedia(subject: Subject, automations: readonly Automation[]): boolean {
  const folded = foldedTexts(subject);
  return (
    subject.blocked === null &&
    subject.commentId !== null &&
    automations.some((automation) => {
      const { on, keywords, match } = automation.trigger;
      return (
        automation.enabled &&
        subject.on.includes(on) &&
        !isItsMedia(subject, automation) &&
        matchesFolded(folded(on), keywords, match)
      );
    })
  );
}

function hasTarget(subject: Subject, automation: Automation): boolean {
  return COMMENT_TRIGGERS.includes(automation.trigger.on) ? subject.commentId !== null : subject.personId !== null;
}

/** Template fields that the event contains, and fields that can be read from Meta. */
interface Known {
  fields: Readonly<Record<string, string>>;
  reads: readonly TemplateRead[];
}

function knownTo(subject: Subject): Known {
  const fields = {
    ...subject.fields,
    ...(subject.username === null ? {} : { username: subject.username }),
    ...(subject.text === null ? {} : { text: subject.text }),
  };
  const reads: TemplateRead[] = [];
  // On a Page, the parent of a top-level comment is the post, not a comment.
  if (subject.parentId !== null && subject.parentId !== subject.mediaId) reads.push("parent.text");
  if (subject.mediaId !== null) reads.push("media.permalink");
  return { fields, reads };
}

/**
 * The replies of a triggered automation. None if its main text is blank: a public "sent you a message" must not be
 * posted without the message.
 */
function plan(automation: Automation, known: Known, random: () => number): PlannedReply[] {
  const { privateReply, publicReply, message } = automation.actions;
  const deferSeconds = automation.deferSeconds ?? null;
  if (!COMMENT_TRIGGERS.includes(automation.trigger.on)) {
    const content = message === undefined ? null : fill(message, known);
    return content === null ? [] : [{ kind: "message", ...content, deferSeconds }];
  }
  const replies: PlannedReply[] = [];
  if (privateReply !== undefined) {
    const content = fill(privateReply, known);
    if (content === null) return [];
    replies.push({ kind: "private_reply", ...content, deferSeconds });
  }
  const chosen = chooseText(publicReply?.texts ?? [], known, random);
  if (chosen === null) return replies;
  const instead = privateReply === undefined ? null : chooseText(publicReply?.whenRefused ?? [], known, random);
  replies.push({ kind: "public_reply", ...chosen, deferSeconds, whenRefused: instead?.content ?? null });
  return replies;
}

function chooseText(texts: readonly string[], known: Known, random: () => number): Filled | null {
  const filled = texts.flatMap((text) => fill({ text }, known) ?? []);
  return (filled.length > 1 ? filled[Math.floor(random() * filled.length)] : filled[0]) ?? null;
}

interface Filled {
  content: MessageContent;
  reads: readonly TemplateRead[];
}

/** The content with its text rendered as far as the event allows; null when that leaves nothing to send. */
function fill(content: MessageContent, known: Known): Filled | null {
  if (content.text === undefined) return content.attachment === undefined ? null : { content, reads: [] };
  const reads = readsOf(content.text).filter((read) => known.reads.includes(read));
  const text = renderBeforeReads(content.text, known.fields, reads);
  const { text: _, ...rest } = content;
  if (text === "") return content.attachment === undefined ? null : { content: rest, reads: [] };
  return { content: { ...rest, text }, reads };
}

/** Facts from the account's tables, read before an event is evaluated. */
export interface DecisionContext {
  /** The comment already has its private reply, pending or sent. */
  privateReplyTaken: boolean;
  /** Public replies that may still be posted in this thread, and for this person, in this hour. */
  publicRepliesLeft: number;
  /** A person has answered this conversation, so automations are paused. */
  humanActive: boolean;
  /** The conversation has reached its hourly limit of automated replies. */
  capReached: boolean;
  /** Meta's reply window for this event has closed. */
  outsideWindow: boolean;
  /** The comment or message was deleted, or its author erased, before the event was evaluated. */
  gone: "deleted" | "erased" | null;
  /** The same comment arrived before, once with the media of the ad and once with the original media. */
  adCopy: boolean;
  /** No token: events are only captured. */
  connected: boolean;
}

export interface PlannedReply {
  kind: ReplyKind;
  /** Rendered, except for the fields in `reads` (`{{parent.text}}`, `{{media.permalink}}`). */
  content: MessageContent;
  /** Graph API reads that are needed before the send. */
  reads: readonly TemplateRead[];
  /** Seconds after the time of receipt; null: the account's setting. */
  deferSeconds: number | null;
  /** Of a public reply: posted instead when Meta refuses the private one. Null or absent: nothing is posted. */
  whenRefused?: MessageContent | null;
}

export type Verdict =
  | { automationId: string; fired: true; replies: PlannedReply[] }
  | { automationId: string; fired: false; reason: MissReason };

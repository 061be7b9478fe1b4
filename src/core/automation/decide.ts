/**
 * What an account's automations make of one event. Pure: the same event, automations, situation and random numbers
 * give the same verdicts, so a backtest over captured events shows what would have happened.
 */
import { type Automation, COMMENT_TRIGGERS, type MessageContent, type MissReason } from "./automation.ts";
import type { TemplateRead } from "./fields.ts";
import { foldText, matchesFolded } from "./match.ts";
import type { Subject } from "./subject.ts";
import { readsOf, renderBeforeReads } from "./template.ts";
import type { ReplyKind } from "../reply/reply.ts";

/**
 * One verdict per automation, in their order.
 *
 * Meta allows one private reply per comment, and Replyline promises no more. The first firing automation takes it.
 * A later one that would do nothing else misses with `already_replied`; one that also answers publicly still does
 * that, because a public reply is an action of its own. The same holds when the comment's private reply was taken
 * earlier, so a replayed event relies on the ledger's own key (event, automation, kind) not to answer publicly twice.
 *
 * @param random in [0, 1); chooses among the texts of a public reply
 */
export function decide(
  subject: Subject,
  automations: readonly Automation[],
  context: DecisionContext,
  random: () => number,
): Verdict[] {
  const folded = subject.text === null ? null : foldText(subject.text);
  const known = knownTo(subject);
  let { privateReplyTaken, publicRepliesLeft } = context;
  return automations.map((automation) => {
    const reason = missReason(subject, folded, automation, context);
    if (reason !== null) return missed(automation, reason);
    const replies = plan(automation, known, random);
    if (replies.length === 0) return missed(automation, "template_empty");
    const untaken = privateReplyTaken ? replies.filter((reply) => reply.kind !== "private_reply") : replies;
    if (untaken.length === 0) return missed(automation, "already_replied");
    const allowed = publicRepliesLeft > 0 ? untaken : untaken.filter((reply) => reply.kind !== "public_reply");
    if (allowed.length === 0) return missed(automation, "public_reply_limit");
    privateReplyTaken ||= allowed.some((reply) => reply.kind === "private_reply");
    if (allowed.some((reply) => reply.kind === "public_reply")) publicRepliesLeft--;
    return { automationId: automation.id, fired: true, replies: allowed };
  });
}

/** The checks, in order: what the owner would want to hear first comes first. Null: the automation fires. */
function missReason(
  subject: Subject,
  folded: string | null,
  automation: Automation,
  context: DecisionContext,
): MissReason | null {
  const { on, keywords, match } = automation.trigger;
  // The automation, and whether this event is one for automations at all.
  if (!automation.enabled) return "disabled";
  if (subject.blocked !== null) return subject.blocked;
  // Whether it is meant.
  if (!subject.on.includes(on)) return "other_trigger";
  if (!isItsMedia(subject, automation)) return "other_media";
  if (match !== "any" && (folded === null || !matchesFolded(folded, keywords, match))) return "no_keyword";
  // Whether it may answer now. From here on it would have fired.
  if (context.gone !== null) return context.gone;
  if (context.adCopy) return "ad_copy";
  if (!hasTarget(subject, automation)) return "no_target";
  if (context.outsideWindow) return "outside_window";
  if (context.humanActive) return "human_active";
  if (context.capReached) return "conversation_cap";
  if (!context.connected) return "not_connected";
  return null;
}

function missed(automation: Automation, reason: MissReason): Verdict {
  return { automationId: automation.id, fired: false, reason };
}

function isItsMedia(subject: Subject, automation: Automation): boolean {
  const { on, mediaIds } = automation.trigger;
  if (mediaIds.length === 0 || !COMMENT_TRIGGERS.includes(on)) return true;
  // A comment under an ad carries the ad's media; the owner chose the post that the ad was made from.
  return [subject.mediaId, subject.originalMediaId].some((id) => id !== null && mediaIds.includes(id));
}

function hasTarget(subject: Subject, automation: Automation): boolean {
  return COMMENT_TRIGGERS.includes(automation.trigger.on) ? subject.commentId !== null : subject.personId !== null;
}

/** What the event itself knows, and what could be read from Meta beside it. */
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
  // On a Page, the parent of a comment under a post is the post itself, which is no comment.
  if (subject.parentId !== null && subject.parentId !== subject.mediaId) reads.push("parent.text");
  if (subject.mediaId !== null) reads.push("media.permalink");
  return { fields, reads };
}

/**
 * The replies that a firing automation asks for, none when its main text comes out blank: a public "sent you a message"
 * must not stand alone.
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

/** What the account knows, read from its tables before an event is decided. */
export interface DecisionContext {
  /** The comment already has its one private reply, open or sent. */
  privateReplyTaken: boolean;
  /** Public replies that may still be posted in this thread, and for this person, in this hour. */
  publicRepliesLeft: number;
  /** A person answered this conversation lately; automations stand back. */
  humanActive: boolean;
  /** The conversation has had its automated replies for this hour. */
  capReached: boolean;
  /** Meta's window for answering this event has closed already. */
  outsideWindow: boolean;
  /** The comment or message was deleted, or its author erased, before it was decided. */
  gone: "deleted" | "erased" | null;
  /** The same comment arrived before, under the media that the ad was made from (or the other way round). */
  adCopy: boolean;
  /** No token: the account only captures. */
  connected: boolean;
}

export interface PlannedReply {
  kind: ReplyKind;
  /** Rendered, but for the `{{parent.text}}` and `{{media.permalink}}` fields named in `reads`. */
  content: MessageContent;
  /** Graph reads that must come before the send. */
  reads: readonly TemplateRead[];
  /** Seconds after the receiver's time; null: the account's setting. */
  deferSeconds: number | null;
  /** Of a public reply: posted instead when Meta refuses the private one. Null or absent: nothing is posted. */
  whenRefused?: MessageContent | null;
}

export type Verdict =
  | { automationId: string; fired: true; replies: PlannedReply[] }
  | { automationId: string; fired: false; reason: MissReason };

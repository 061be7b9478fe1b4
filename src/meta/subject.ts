/**
 * Converts an event to the input of automations: the triggers that it matches, and what blocks all automations.
 *
 * The account must never reply to itself. So its own comments, echoes of its own messages, threads that another app
 * owns, and test events are blocked here for all automations.
 */
import type { MissReason, TriggerOn } from "../core/automation/automation.ts";
import type { Subject } from "../core/automation/subject.ts";
import type { MetaEvent } from "../core/event.ts";
import { idAt } from "./json.ts";
import type { Author, Referral, StoryRef } from "./views/parts.ts";
import type { MessageView } from "./views/message.ts";
import { readView, type View } from "./views/view.ts";

/** The fields of an event that the subject is read from. */
export type SubjectSource = Pick<MetaEvent, "kind" | "accountId" | "raw" | "test">;

/** Reads the subject of an event. Never throws; whether there is anybody to answer is for `decide` to say. */
export const readSubject = (event: SubjectSource): Subject => subjectOfView(readView(event), event.test);

/** The same for an event whose view has been read. */
export function subjectOfView(view: View, test: boolean): Subject {
  const subject = subjectOf(view);
  return test ? { ...subject, blocked: "test_event" } : subject;
}

function subjectOf(view: View): Subject {
  switch (view.kind) {
    case "comment":
    case "live_comment":
      return complete({
        on: [view.kind],
        blocked: view.own ? "own_comment" : null,
        text: view.text,
        ...author(view.from),
        commentId: view.commentId,
        parentId: view.parentId,
        mediaId: view.media?.id ?? null,
        originalMediaId: view.media?.originalMediaId ?? null,
        mediaIds: [view.media?.id, view.media?.originalMediaId].filter((id) => id != null),
        fields: {
          "comment.id": view.commentId,
          "parent.id": view.parentId,
          "media.id": view.media?.id,
          "media.type": view.media?.productType,
          "ad.id": view.media?.adId,
          "ad.title": view.media?.adTitle,
        },
      });
    case "feed": {
      const isNewComment = view.item === "comment" && view.verb === "add";
      return complete({
        on: isNewComment ? ["comment"] : [],
        blocked: isNewComment && view.own ? "own_comment" : null,
        text: view.message,
        ...author(view.from),
        commentId: view.commentId,
        parentId: view.parentId,
        mediaId: view.postId,
        mediaIds: view.postNames,
        fields: { "comment.id": view.commentId, "parent.id": view.parentId, "media.id": view.postId },
      });
    }
    case "mention":
      return complete({
        on: view.verb === null || view.verb === "add" ? ["mention"] : [],
        blocked: view.own ? "own_comment" : null,
        text: view.text,
        ...author(view.from),
        commentId: view.commentId,
        mediaId: view.mediaId,
        mediaIds: view.mediaId === null ? [] : [view.mediaId],
        fields: { "comment.id": view.commentId, "media.id": view.mediaId },
      });
    case "message":
      return complete({
        on: messageTriggers(view),
        blocked: view.self ? "echo" : null,
        text: view.text,
        personId: view.personId,
        messageId: view.mid,
        keywordTexts: arrivalTexts(view.referral, ["message", "story_reply"], [view.text, view.quickReplyPayload]),
        fields: {
          payload: view.quickReplyPayload,
          "story.id": view.story?.id ?? view.referral?.story?.id ?? mentionedStory(view)?.id,
          "story.url": view.story?.url ?? view.referral?.story?.url ?? mentionedStory(view)?.url,
          ...referralFields(view.referral),
        },
      });
    case "postback":
      return complete({
        on: isLink(view.referral) ? ["referral", "postback"] : ["postback"],
        blocked: view.self ? "echo" : null,
        text: view.payload,
        personId: view.personId,
        messageId: view.mid,
        keywordTexts: arrivalTexts(view.referral, ["postback"], [view.payload, view.title]),
        fields: { payload: view.payload, title: view.title, ...referralFields(view.referral) },
      });
    case "referral":
      return complete({
        on: isStoryMention(view.referral) ? ["story_mention"] : ["referral"],
        text: view.referral?.ref ?? null,
        personId: view.personId,
        fields: {
          "story.id": view.referral?.story?.id,
          "story.url": view.referral?.story?.url,
          ...referralFields(view.referral),
        },
      });
    case "reaction":
      return complete({
        on: view.action === "react" ? ["reaction"] : [],
        blocked: view.own ? "echo" : null,
        // A keyword may be the name (`love`) or the emoji.
        text: [view.reaction, view.emoji].filter((part) => part !== null).join(" ") || null,
        personId: view.personId,
        messageId: view.mid,
        fields: { reaction: view.reaction, emoji: view.emoji },
      });
    case "optin":
      return complete({
        on: ["optin"],
        text: view.payload ?? view.ref,
        personId: view.personId,
        fields: { payload: view.payload, ref: view.ref, title: view.title },
      });
    case "echo":
      return complete({ blocked: "echo", text: view.text, personId: view.personId, messageId: view.mid });
    case "standby":
      return { ...subjectOf(view.inner), on: [], blocked: "standby" };
    case "message_edit":
      // An edit is not a new message. Instagram also sends an edit with `num_edit` 0 together with a new message.
      return complete({ text: view.text, personId: view.personId, messageId: view.mid });
    case "message_deleted":
      return complete({ personId: view.personId, messageId: view.mid });
    case "seen":
    case "delivery":
    case "handover":
      return complete({ personId: view.personId });
    case "policy_enforcement":
    case "story_insights":
      return complete({});
    default:
      return complete({ personId: view.personId });
  }
}

/** A story mention does not trigger as a message. A reply to a story, and a message by a link or an ad, trigger as both. */
function messageTriggers(view: MessageView): TriggerOn[] {
  if (mentionedStory(view) !== null || isStoryMention(view.referral)) return ["story_mention"];
  const triggers: TriggerOn[] = isLink(view.referral) ? ["referral"] : [];
  return view.story === null ? [...triggers, "message"] : [...triggers, "story_reply", "message"];
}

/** The story of a `story_mention` attachment. Its id is in the URL. */
function mentionedStory(view: MessageView): StoryRef | null {
  const mention = view.attachments.find(({ type }) => type === "story_mention");
  if (mention === undefined) return null;
  const assetId = /[?&]asset_id=(\d+)/.exec(mention.url ?? "")?.[1];
  return { id: idAt(mention.payload, "id") ?? assetId ?? null, url: mention.url };
}

/** Seen in one public report: the mention comes as a referral, with the story in it. */
const isStoryMention = (referral: Referral | null): boolean => referral?.source?.toUpperCase() === "STORY_MENTION";

/** The person came by a link or an ad; a question about a product has a referral too. A person without a thread sends no `messaging_referral`, only this. */
const isLink = (referral: Referral | null): boolean =>
  referral !== null && (referral.ref ?? referral.adId ?? referral.source) !== null && !isStoryMention(referral);

/** What keywords are compared with, if it is more than the text. */
function arrivalTexts(
  referral: Referral | null,
  triggers: readonly TriggerOn[],
  texts: readonly (string | null)[],
): Subject["keywordTexts"] {
  const own = texts.filter((text) => text !== null);
  const all = own.length > 1 ? triggers.map((on) => [on, own] as const) : [];
  return {
    ...Object.fromEntries(all),
    ...(referral === null ? {} : { referral: [referral.ref ?? []].flat() }),
  };
}

const author = (from: Author | null): { personId: string | null; username: string | null } => ({
  personId: from?.id ?? null,
  username: from?.username ?? null,
});

const referralFields = (referral: Referral | null): Fields => ({
  ref: referral?.ref,
  source: referral?.source,
  "ad.id": referral?.adId,
  "ad.title": referral?.adTitle,
});

type Fields = Record<string, string | null | undefined>;

interface Found {
  on?: readonly TriggerOn[];
  blocked?: MissReason | null;
  text?: string | null;
  keywordTexts?: Subject["keywordTexts"];
  personId?: string | null;
  username?: string | null;
  commentId?: string | null;
  parentId?: string | null;
  messageId?: string | null;
  mediaId?: string | null;
  originalMediaId?: string | null;
  mediaIds?: readonly string[];
  fields?: Fields;
}

/** Completes a subject with defaults for missing parts; template fields without a value are omitted. */
function complete(found: Found): Subject {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(found.fields ?? {})) if (value != null) fields[name] = value;
  return {
    on: found.on ?? [],
    blocked: found.blocked ?? null,
    text: found.text ?? null,
    keywordTexts: found.keywordTexts ?? {},
    personId: found.personId ?? null,
    username: found.username ?? null,
    commentId: found.commentId ?? null,
    parentId: found.parentId ?? null,
    messageId: found.messageId ?? null,
    mediaId: found.mediaId ?? null,
    originalMediaId: found.originalMediaId ?? null,
    mediaIds: found.mediaIds ?? [],
    fields,
  };
}

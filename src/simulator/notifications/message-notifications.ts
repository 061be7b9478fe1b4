/** Notifications about messages, which Meta sends as `messaging`, or as `standby` if another app controls the thread. */
import { facebookAssetUrl, instagramAssetUrl, instagramMid, messengerMid, type Random } from "./meta-ids.ts";
import type { BuildContext, Item } from "./delivery-body.ts";
import type { WireValue } from "./wire-format.ts";

export type Platform = "instagram" | "page";

/** The account and the person. A notification without a sender (policy, app roles) has no `personId`. */
export interface Thread {
  platform: Platform;
  accountId: string;
  personId: string;
}

export interface Referral {
  ref?: string;
  source: string;
  type: string;
  ad?: {
    id: string;
    title: string;
    photoUrl?: string;
    videoUrl?: string;
    /** Page only. */
    postId?: string;
    productId?: string;
    flowId?: string;
  };
}

export interface MessageOptions extends Thread {
  mid?: string;
  text?: string;
  attachments?: readonly WireValue[];
  quickReplyPayload?: string;
  /** The message, by its mid, or the story that this message replies to. */
  replyTo?: { mid: string; isSelfReply?: boolean } | { story: { id: string; url: string } };
  referral?: Referral;
  /** Page only: where the conversation began. */
  priorMessage?: { source: string; identifier: string };
}

export const midOf = (platform: Platform, random: Random): string =>
  platform === "instagram" ? instagramMid(random) : messengerMid(random);

export const assetUrl = (platform: Platform, random: Random): string =>
  platform === "instagram" ? instagramAssetUrl(random) : facebookAssetUrl(random);

/** An item that a person caused. */
export const inbound = (thread: Thread, now: number, rest: Record<string, WireValue | undefined>): Item => ({
  object: thread.platform,
  entryId: thread.accountId,
  at: now,
  container: "messaging",
  value: { sender: { id: thread.personId }, recipient: { id: thread.accountId }, timestamp: now, ...rest },
});

/** An item that the account caused: sender and recipient are swapped. */
export const outbound = (thread: Thread, now: number, rest: Record<string, WireValue | undefined>): Item => ({
  ...inbound({ ...thread, accountId: thread.personId, personId: thread.accountId }, now, rest),
  entryId: thread.accountId,
});

export const referralValue = ({ ref, source, type, ad }: Referral): WireValue => ({
  ref,
  ad_id: ad?.id,
  source,
  type,
  ads_context_data:
    ad === undefined
      ? undefined
      : {
          ad_title: ad.title,
          photo_url: ad.photoUrl,
          video_url: ad.videoUrl,
          post_id: ad.postId,
          product_id: ad.productId,
          flow_id: ad.flowId,
        },
});

/** `messages`: a person sent a message. */
export function message(options: MessageOptions, { now, random }: BuildContext): Item {
  const { replyTo, priorMessage } = options;
  return inbound(options, now, {
    message: {
      mid: options.mid ?? midOf(options.platform, random),
      text: options.text,
      attachments: options.attachments,
      quick_reply: options.quickReplyPayload === undefined ? undefined : { payload: options.quickReplyPayload },
      reply_to:
        replyTo === undefined
          ? undefined
          : "mid" in replyTo
            ? { mid: replyTo.mid, is_self_reply: replyTo.isSelfReply ?? false }
            : replyTo,
      referral: options.referral === undefined ? undefined : referralValue(options.referral),
    },
    prior_message: priorMessage,
  });
}

/** `messages` with `is_deleted`: a person unsent a message. It contains only the mid of the message. */
export function unsend(options: Thread & { mid: string }, { now }: BuildContext): Item {
  return inbound(options, now, { message: { mid: options.mid, is_deleted: true } });
}

export interface EchoOptions extends Thread {
  mid?: string;
  text?: string;
  attachments?: readonly WireValue[];
  /** Page only: the app that sent it, as a number. */
  appId?: string;
  /** Page only: the metadata of the send call. */
  metadata?: string;
  /** Page only: Meta's business AI sent it. */
  aiGenerated?: boolean;
  /** Instagram only: a message of the account to itself; `personId` is then its own scoped id. */
  isSelf?: boolean;
}

/** `app_id` of an echo that a person wrote in the Page inbox (documentation: Messenger Platform, message_echoes). */
export const PAGE_INBOX_APP_ID = "26390203743090";

/** `app_id` of an echo that Meta's business AI sent; seen in practice. */
export const BUSINESS_AI_APP_ID = "263902037430900";

/** `message_echoes`: the account sent a message. Sender and recipient are swapped. */
export function echo(options: EchoOptions, { now, random }: BuildContext): Item {
  const page = options.platform === "page";
  return outbound(options, now, {
    message: {
      mid: options.mid ?? midOf(options.platform, random),
      is_echo: true,
      is_self: options.isSelf === true ? true : undefined,
      ai_generated: page && options.aiGenerated === true ? true : undefined,
      app_id: page && options.appId !== undefined ? BigInt(options.appId) : undefined,
      metadata: page ? options.metadata : undefined,
      text: options.text,
      attachments: options.attachments,
    },
  });
}

/** `message_edit` (Instagram) or `message_edits` (Page). Meta sends `numEdit` 0 with a new message; it is not an edit. */
export function edit(options: Thread & { mid: string; text?: string; numEdit: number }, { now }: BuildContext): Item {
  return inbound(options, now, { message_edit: { mid: options.mid, text: options.text, num_edit: options.numEdit } });
}

/** `message_reactions`. Without a reaction, the person removed it. */
export function reaction(
  options: Thread & { mid: string; reaction?: { name: string; emoji: string } },
  { now }: BuildContext,
): Item {
  const { mid, reaction: given } = options;
  return inbound(options, now, {
    reaction:
      given === undefined
        ? { mid, action: "unreact" }
        : { mid, action: "react", reaction: given.name, emoji: given.emoji },
  });
}

/** `messaging_seen` (Instagram, by mid) or `message_reads` (Page, by watermark). */
export function seen(options: Thread & { mid: string }, { now }: BuildContext): Item {
  return inbound(options, now, {
    read: options.platform === "instagram" ? { mid: options.mid } : { watermark: now },
  });
}

/** `message_deliveries` (Page): the documented sample has no timestamp of its own. */
export function delivery(options: Omit<Thread, "platform"> & { mids: readonly string[] }, { now }: BuildContext): Item {
  return {
    object: "page",
    entryId: options.accountId,
    at: now,
    container: "messaging",
    value: {
      sender: { id: options.personId },
      recipient: { id: options.accountId },
      delivery: { mids: options.mids, watermark: now },
    },
  };
}

/** `standby`: the same items, for an app that does not control the thread. */
export function standby(item: Item): Item {
  return { ...item, container: "standby" };
}

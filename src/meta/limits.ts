/**
 * Meta's limits, each with its source. If two pages differ, the lower number is used.
 *
 * - Graph: https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 * - Messenger:
 *   https://developers.facebook.com/documentation/business-messaging/messenger-platform/overview/rate-limiting
 * - Private replies: https://developers.facebook.com/documentation/instagram-platform/private-replies
 */
import { DAY_MS, HOUR_MS, SECOND_MS } from "../core/time.ts";
import type { TextLimit } from "../core/automation/text.ts";
import type { AutomationLimits } from "../core/automation/validate.ts";
import type { MessageContent } from "../core/automation/automation.ts";
import type { RateLimit, ReplyKind } from "../core/reply/reply.ts";

/** Maximum number of calls that begin in any window of this length, per account. */
export interface MetaRateLimit {
  calls: number;
  windowMs: number;
  source: string;
}

export const META_RATE_LIMITS: Readonly<Record<RateLimit, MetaRateLimit>> = {
  /** 100 a second for private replies to live comments. */
  live: { calls: 100, windowMs: SECOND_MS, source: "Graph, Rate limiting" },
  /** The Messenger page says 300 for this limit; the Graph and Instagram Platform pages say 100. */
  message: { calls: 100, windowMs: SECOND_MS, source: "Graph, Rate limiting; Instagram Platform, Overview" },
  media: { calls: 10, windowMs: SECOND_MS, source: "Graph, Rate limiting; Messenger, Rate limiting" },
  private: { calls: 750, windowMs: HOUR_MS, source: "Graph, Rate limiting; Messenger, Rate limiting" },
  /**
   * Meta has no fixed limit: comments count toward 4800 calls x impressions in 24 hours. One per second is our choice.
   * The usage headers slow it down further.
   */
  public: { calls: 60, windowMs: 60 * SECOND_MS, source: "none; Replyline's own" },
};

/** A private reply may be sent for 7 days from the creation of the comment (Private replies). */
export const PRIVATE_REPLY_WINDOW_MS = 7 * DAY_MS;

/** A message may be sent for 24 hours from the person's last one (Messenger Platform, Policy; Send messages). */
export const MESSAGE_WINDOW_MS = DAY_MS;

/**
 * …and up to 7 days after the first message that follows a click on an ad which leads into the conversation (Messenger
 * Platform, Policy, 2026-09-28).
 */
const AD_WINDOW_MS = 7 * DAY_MS;

/** How long an action of a person opens the conversation. */
export const conversationWindowMs = (afterAd: boolean): number => (afterAd ? AD_WINDOW_MS : MESSAGE_WINDOW_MS);

/**
 * A live comment may be answered while the broadcast runs (Private replies), and no event says when it ends. Instagram
 * ends a broadcast after 4 hours, so later than that nothing can be sent.
 */
export const LIVE_BROADCAST_MAX_MS = 4 * HOUR_MS;

/** Meta has no window for public replies. A week is our choice: the same window as for the private reply. */
export const PUBLIC_REPLY_WINDOW_MS = 7 * DAY_MS;

/**
 * Sending stops this long before Meta's window closes, because clocks differ and a request can take its full timeout.
 */
export const WINDOW_MARGIN_MS = 60_000;

/**
 * The time from which a reply must no longer be sent, ms since the epoch.
 *
 * @param rateLimit distinguishes a live comment from a comment on a post
 * @param startedAt start of Meta's window: creation of the comment, or time of the person's last message
 */
export function windowCloses(kind: ReplyKind, rateLimit: RateLimit, startedAt: number): number {
  return startedAt + windowMs(kind, rateLimit) - WINDOW_MARGIN_MS;
}

function windowMs(kind: ReplyKind, rateLimit: RateLimit): number {
  switch (kind) {
    case "private_reply":
      return rateLimit === "live" ? LIVE_BROADCAST_MAX_MS : PRIVATE_REPLY_WINDOW_MS;
    case "public_reply":
      return PUBLIC_REPLY_WINDOW_MS;
    case "message":
      return MESSAGE_WINDOW_MS;
  }
}

/** The rate limit that a reply counts toward. `live`: the reply is to a comment on a live broadcast. */
export function rateLimitOf(kind: ReplyKind, live: boolean, message: MessageContent): RateLimit {
  switch (kind) {
    case "private_reply":
      return live ? "live" : "private";
    case "public_reply":
      return "public";
    case "message":
      return ["audio", "video"].includes(message.attachment?.type ?? "") ? "media" : "message";
  }
}

/**
 * Maximum text of one message. Instagram: 1000 bytes of UTF-8
 * (https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api).
 * Messenger: 2000 characters (used by several clients; Meta's page was not checked again).
 */
export const MESSAGE_TEXT_LIMITS: Readonly<Record<"instagram" | "page", TextLimit>> = {
  instagram: { max: 1000, unit: "bytes" },
  page: { max: 2000, unit: "characters" },
};

/** Maximum text of a public comment. Instagram: 2200 characters, as for captions. Facebook allows 8000. */
export const COMMENT_TEXT_LIMITS: Readonly<Record<"instagram" | "page", TextLimit>> = {
  instagram: { max: 2200, unit: "characters" },
  page: { max: 8000, unit: "characters" },
};

/** Maximum number of quick replies of a message (Quick Replies). */
export const QUICK_REPLY_LIMIT = 13;

/** The text limit of one reply. */
export function textLimitOf(kind: ReplyKind, platform: "instagram" | "page"): TextLimit {
  return kind === "public_reply" ? COMMENT_TEXT_LIMITS[platform] : MESSAGE_TEXT_LIMITS[platform];
}

/** The limits for validating an automation (`core/automation/validate.ts`). */
export function automationLimits(platform: "instagram" | "page"): AutomationLimits {
  return {
    messageText: MESSAGE_TEXT_LIMITS[platform],
    commentText: COMMENT_TEXT_LIMITS[platform],
    quickReplies: QUICK_REPLY_LIMIT,
    platform,
  };
}

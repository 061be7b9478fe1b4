/** Attachments as they arrive in a message (documentation: Instagram webhook examples; Messenger Platform, messages). */
import type { Random } from "./meta-ids.ts";
import { assetUrl, type Platform } from "./message-notifications.ts";
import type { WireValue } from "./wire-format.ts";

/** Types whose payload is only a URL. `ig_post` replaced `share` in 2026. */
export const URL_ATTACHMENTS = ["image", "video", "audio", "file", "share", "story_mention", "ig_story"] as const;
export type UrlAttachment = (typeof URL_ATTACHMENTS)[number];

export const urlAttachment = (
  type: UrlAttachment,
  platform: Platform,
  random: Random,
  url = assetUrl(platform, random),
): WireValue => ({ type, payload: { url } });

/** A shared post: `ig_post` on Instagram, `post` on a Page, where its id is a number. */
export const postAttachment = (platform: Platform, post: { id: string; title: string; url: string }): WireValue =>
  platform === "instagram"
    ? { type: "ig_post", payload: { ig_post_media_id: post.id, title: post.title, url: post.url } }
    : { type: "post", payload: { url: post.url, title: post.title, id: BigInt(post.id) } };

/** A shared reel: `ig_reel`, or `reel` for one on Facebook. On a Page, its id is a number. */
export const reelAttachment = (
  platform: Platform,
  type: "ig_reel" | "reel",
  reel: { id: string; title: string; url: string },
): WireValue => ({
  type,
  payload: {
    reel_video_id: platform === "instagram" ? reel.id : BigInt(reel.id),
    title: reel.title,
    url: reel.url,
  },
});

/** A sent template: Instagram's echo has the elements under `generic`. */
export const genericTemplateAttachment = (elements: readonly WireValue[]): WireValue => ({
  type: "template",
  payload: { generic: { elements } },
});

/** A sent media template: in a Page's echo, the attachment id is a number. */
export const mediaTemplateAttachment = (url: string, attachmentId: string): WireValue => ({
  title: "",
  url,
  type: "template",
  payload: { template_type: "media", elements: [{ media_type: "image", attachment_id: BigInt(attachmentId) }] },
});

/** A product of the Page's catalog. */
export const productAttachment = (
  product: { id: string; retailerId: string; title: string; subtitle: string },
  imageUrl: string,
): WireValue => ({
  type: "template",
  payload: {
    product: {
      elements: [
        {
          id: product.id,
          retailer_id: product.retailerId,
          image_url: imageUrl,
          title: product.title,
          subtitle: product.subtitle,
        },
      ],
    },
  },
});

export const stickerAttachment = (stickerId: string, url: string): WireValue => ({
  type: "sticker",
  payload: { url, sticker_id: BigInt(stickerId) },
});

export const locationAttachment = (latitude: number, longitude: number): WireValue => ({
  type: "location",
  payload: { coordinates: { lat: latitude, long: longitude } },
});

/** A link preview. */
export const fallbackAttachment = (url: string, title: string): WireValue => ({
  type: "fallback",
  payload: { url, title },
});

/** An appointment. Start and end are in seconds. */
export const appointmentAttachment = (bookingId: string, startsAt: number, timezone: string): WireValue => ({
  type: "appointment_booking",
  payload: {
    booking_id: bookingId,
    status: "requested",
    start_time: Math.floor(startsAt / 1000),
    end_time: Math.floor(startsAt / 1000) + 3600,
    timezone,
  },
});

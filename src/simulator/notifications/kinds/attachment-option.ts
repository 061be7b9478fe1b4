/** The attachments of the option `--attachment`. */
import {
  appointmentAttachment,
  fallbackAttachment,
  genericTemplateAttachment,
  locationAttachment,
  mediaTemplateAttachment,
  postAttachment,
  productAttachment,
  reelAttachment,
  stickerAttachment,
  URL_ATTACHMENTS,
  urlAttachment,
} from "../message-attachments.ts";
import { instagramObjectId } from "../meta-ids.ts";
import { assetUrl } from "../message-notifications.ts";
import type { WireValue } from "../wire-format.ts";
import { UsageError, type OptionValues, type NotificationContext } from "./notification-kind.ts";

const TITLE = "Weekend market";
const OTHER_ATTACHMENTS = [
  "post",
  "reel",
  "ig_reel",
  "template",
  "media_template",
  "product",
  "sticker",
  "location",
  "fallback",
  "appointment",
] as const;
export const ATTACHMENTS = [...URL_ATTACHMENTS, ...OTHER_ATTACHMENTS] as const;

/** The attachment with this name. */
export function attachment(type: string, context: NotificationContext): WireValue {
  const { platform, random } = context;
  const found = ATTACHMENTS.find((candidate) => candidate === type);
  const id = instagramObjectId(random);
  switch (found) {
    case undefined:
      throw new UsageError(`--attachment must be one of ${ATTACHMENTS.join(", ")}, not "${type}"`);
    case "post":
      return postAttachment(platform, { id, title: TITLE, url: assetUrl(platform, random) });
    case "reel":
    case "ig_reel":
      return reelAttachment(platform, found, { id, title: TITLE, url: assetUrl(platform, random) });
    case "template":
      return genericTemplateAttachment([
        { title: TITLE, buttons: [{ type: "web_url", title: "Open", url: "https://links.example/g/7" }] },
      ]);
    case "media_template":
      return mediaTemplateAttachment("https://shop.example/", id);
    case "product":
      return productAttachment(
        { id, retailerId: "SKU-88-M", title: "Linen shirt", subtitle: "$58" },
        assetUrl(platform, random),
      );
    case "sticker":
      return stickerAttachment("369239263222822", assetUrl(platform, random));
    case "location":
      return locationAttachment(59.9127, 10.7461);
    case "fallback":
      return fallbackAttachment("https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fa%2F1", "A headline");
    case "appointment":
      return appointmentAttachment(id, context.now + 24 * 3600 * 1000, "Europe/Oslo");
    default:
      return urlAttachment(found, platform, random);
  }
}

/** `attachments`, if the options name any. */
export function attachments(context: NotificationContext, values: OptionValues): { attachments?: WireValue[] } {
  const types = values.list("attachment");
  return types.length === 0 ? {} : { attachments: types.map((type) => attachment(type, context)) };
}

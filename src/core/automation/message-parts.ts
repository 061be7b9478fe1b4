/**
 * Validates quick replies and attachments, which use the format of the Send API and are sent unchanged. An error that
 * Meta would return for every send is found here, before the automation is saved (documentation: Instagram Platform,
 * Messaging API and Quick Replies; Messenger Platform, Send messages). Unknown fields are accepted.
 */

import { isObject, isText, type PartProblem } from "./part-problem.ts";
import { payloadProblems, templateProblems } from "./attachment-templates.ts";

/** The platform that a message is for, where a part exists on one of them only. */
type Platform = "instagram" | "page";

export const QUICK_REPLY_TYPES = ["text", "user_phone_number", "user_email"] as const;

/** Meta turned these off for Instagram on 2026-10-05 (Instagram Platform, Changelog). */
const PAGE_QUICK_REPLIES: readonly string[] = ["user_phone_number", "user_email"];

/** `sticker` is for Messenger; `MEDIA_SHARE` and `like_heart` are for Instagram, in Meta's spelling. */
export const ATTACHMENT_TYPES = [
  "image",
  "video",
  "audio",
  "file",
  "template",
  "like_heart",
  "MEDIA_SHARE",
  "sticker",
] as const;

/** Sent by URL, or by the attachment id of a file that was uploaded to Meta before. */
const FILES: readonly string[] = ["image", "video", "audio", "file"];

/**
 * Problems in the quick replies of a message. Their number is checked in `validate.ts`.
 *
 * @param platform null: not known, so what one of the platforms accepts is accepted
 */
export function quickReplyProblems(quickReplies: readonly unknown[], platform: Platform | null = null): PartProblem[] {
  return quickReplies.flatMap((quickReply, index) =>
    quickReplyProblem(quickReply, platform).map(({ path, message }) => ({
      path: ["quick_replies", index, ...path],
      message,
    })),
  );
}

function quickReplyProblem(given: unknown, platform: Platform | null): PartProblem[] {
  if (!isObject(given)) return [{ path: [], message: "must be an object with content_type, title and payload" }];
  const { content_type: type, title, payload, image_url: image } = given;
  const problems: PartProblem[] = [];
  if (!QUICK_REPLY_TYPES.some((one) => one === type)) {
    problems.push({ path: ["content_type"], message: `must be one of ${QUICK_REPLY_TYPES.join(", ")}` });
  } else if (platform === "instagram" && PAGE_QUICK_REPLIES.some((one) => one === type)) {
    problems.push({ path: ["content_type"], message: "must be text: Meta turned off the other types for Instagram" });
  }
  for (const [name, value] of Object.entries({ title, payload })) {
    if (value !== undefined && typeof value !== "string") problems.push({ path: [name], message: "must be a string" });
  }
  // Meta fills in the other two types with data of the person. A text button without title and image would be empty.
  const blank = title === undefined || (typeof title === "string" && title.trim() === "");
  if (type === "text" && blank && !isText(image)) {
    problems.push({ path: ["title"], message: "is required for the type text: it is the label of the button" });
  }
  // A longer title is not refused: Meta cuts it to 20 characters.
  if (problems.length === 0 && type === "text" && (payload === undefined || payload === "") && !isText(image)) {
    problems.push({ path: ["payload"], message: "is required for the type text: it comes back with the tap" });
  }
  if (typeof payload === "string") problems.push(...payloadProblems(payload));
  return problems;
}

/**
 * Problems in an attachment whose type is a string.
 *
 * @param platform as for `quickReplyProblems`
 */
export function attachmentProblems(
  { type, payload }: { type: string; payload?: unknown },
  platform: Platform | null = null,
): PartProblem[] {
  if (!ATTACHMENT_TYPES.some((one) => one === type)) {
    return [{ path: ["attachment", "type"], message: `must be one of ${ATTACHMENT_TYPES.join(", ")}` }];
  }
  if (type === "like_heart") return [];
  if (type === "sticker" && platform === "instagram") {
    return [{ path: ["attachment", "type"], message: "must be another type: Instagram has no stickers to send" }];
  }
  const at = ["attachment", "payload"];
  if (!isObject(payload)) return [{ path: at, message: `is required for the type ${type}: ${payloadOf(type)}` }];
  if (FILES.includes(type)) {
    const { url, attachment_id: id } = payload;
    if (url === undefined && isText(id)) return [];
    if (url === undefined) return [{ path: at, message: `needs ${payloadOf(type)}` }];
    const reachable = typeof url === "string" && /^https?:\/\/\S+$/i.test(url);
    return reachable ? [] : [{ path: [...at, "url"], message: "must be a URL that begins with https://" }];
  }
  if (type === "template" && !isText(payload["template_type"])) {
    return [{ path: [...at, "template_type"], message: "is required, such as generic or button" }];
  }
  if (type === "template") {
    return templateProblems(payload).map((problem) => ({ ...problem, path: [...at, ...problem.path] }));
  }
  if (type === "sticker" && !isText(payload["sticker_id"])) {
    return [{ path: [...at, "sticker_id"], message: "must be the id of a sticker of Meta's catalog, in quotes" }];
  }
  if (type === "MEDIA_SHARE" && !isText(payload["id"])) {
    return [{ path: [...at, "id"], message: "must be the id of a post of the account, in quotes" }];
  }
  return [];
}

const payloadOf = (type: string): string => {
  if (FILES.includes(type)) return 'a url, or the attachment_id of an uploaded file: {"url":"https://…"}';
  if (type === "template") return 'a template_type and its fields: {"template_type":"generic","elements":[…]}';
  if (type === "sticker") return 'the id of a sticker: {"sticker_id":"…"}';
  return type === "MEDIA_SHARE" ? 'the id of a post: {"id":"…"}' : "an object";
};

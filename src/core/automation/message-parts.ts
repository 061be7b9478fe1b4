/**
 * What a message may carry in the Send API's own form: quick replies and attachments. It is sent as it stands, so what
 * Meta would refuse every time is found here, once, before it is saved (documentation: Instagram Platform, Messaging API
 * and Quick Replies; Messenger Platform, Send messages). What else stands in them is Meta's and is let through.
 */

export interface PartProblem {
  /** Within the content: `quick_replies[1].title`, `attachment.payload.url`. */
  path: (string | number)[];
  /** What it must be, to be read after the name of the field. */
  message: string;
}

export const QUICK_REPLY_TYPES = ["text", "user_phone_number", "user_email"] as const;

/** `sticker` is Messenger's; `MEDIA_SHARE` and `like_heart` are Instagram's, spelt as they are there. */
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

/** Sent by their address, or by the id under which Meta has them already. */
const FILES: readonly string[] = ["image", "video", "audio", "file"];

/** What is wrong with the quick replies beside a message. How many there may be is asked elsewhere. */
export function quickReplyProblems(quickReplies: readonly unknown[]): PartProblem[] {
  return quickReplies.flatMap((quickReply, index) =>
    quickReplyProblem(quickReply).map(({ path, message }) => ({ path: ["quick_replies", index, ...path], message })),
  );
}

function quickReplyProblem(given: unknown): PartProblem[] {
  if (!isObject(given)) return [{ path: [], message: "must be an object with content_type, title and payload" }];
  const { content_type: type, title, payload, image_url: image } = given;
  const problems: PartProblem[] = [];
  if (!QUICK_REPLY_TYPES.some((one) => one === type)) {
    problems.push({ path: ["content_type"], message: `must be one of ${QUICK_REPLY_TYPES.join(", ")}` });
  }
  for (const [name, value] of Object.entries({ title, payload })) {
    if (value !== undefined && typeof value !== "string") problems.push({ path: [name], message: "must be a string" });
  }
  // The other two show what Meta knows of the person; this one would be a button without a word on it.
  const blank = title === undefined || (typeof title === "string" && title.trim() === "");
  if (type === "text" && blank && !isText(image)) {
    problems.push({ path: ["title"], message: "is required for the type text: it is what stands on the button" });
  }
  return problems;
}

/** What is wrong with an attachment whose type is a text. */
export function attachmentProblems({ type, payload }: { type: string; payload?: unknown }): PartProblem[] {
  if (!ATTACHMENT_TYPES.some((one) => one === type)) {
    return [{ path: ["attachment", "type"], message: `must be one of ${ATTACHMENT_TYPES.join(", ")}` }];
  }
  if (type === "like_heart") return [];
  const at = ["attachment", "payload"];
  if (!isObject(payload)) return [{ path: at, message: `is required for the type ${type}: ${payloadOf(type)}` }];
  if (FILES.includes(type)) {
    const { url, attachment_id: id } = payload;
    if (url === undefined && isText(id)) return [];
    if (url === undefined) return [{ path: at, message: `needs ${payloadOf(type)}` }];
    const reachable = typeof url === "string" && /^https?:\/\/\S+$/i.test(url);
    return reachable ? [] : [{ path: [...at, "url"], message: "must be an address that begins with https://" }];
  }
  if (type === "template" && !isText(payload["template_type"])) {
    return [{ path: [...at, "template_type"], message: "is required, such as generic or button" }];
  }
  if (type === "MEDIA_SHARE" && !isText(payload["id"])) {
    return [{ path: [...at, "id"], message: "must be the id of a post of the account, in quotes" }];
  }
  return [];
}

const payloadOf = (type: string): string => {
  if (FILES.includes(type)) return 'a url, or the attachment_id of what Meta has already: {"url":"https://…"}';
  if (type === "template") return 'a template_type and what belongs to it: {"template_type":"generic","elements":[…]}';
  return type === "MEDIA_SHARE" ? 'the id of a post: {"id":"…"}' : "an object";
};

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What the echo of a message contains. Meta does not send back what it got: the text of a button template becomes the
 * text of the echo, and media have another URL (documentation: message_echoes; captures of both platforms).
 */
import { assetUrl, type Platform } from "./message-notifications.ts";
import type { Random } from "./meta-ids.ts";
import type { WireValue } from "./wire-format.ts";

type Content = Readonly<Record<string, unknown>>;

export interface EchoContent {
  text?: string;
  attachments?: readonly WireValue[];
}

/** @param content `message` of the send call */
export function echoContent(platform: Platform, content: Content, random: Random): EchoContent {
  const { text } = content;
  const sent = content["attachments"] ?? content["attachment"];
  if (sent === undefined) return typeof text === "string" ? { text } : {};
  const attachments = (Array.isArray(sent) ? sent : [sent]) as Content[];
  const [first] = attachments;
  const template = first?.["type"] === "template" ? contentOf(first["payload"]) : null;
  if (template !== null) return templateEcho(platform, template);
  return { attachments: attachments.map((attachment) => mediaEcho(platform, attachment, random)) };
}

function templateEcho(platform: Platform, template: Content): EchoContent {
  const { text, template_type: named, ...rest } = template as Record<string, WireValue>;
  const type = typeof named === "string" ? named : "unknown";
  const title = typeof text === "string" ? { text } : {};
  if (platform === "page") {
    return { ...title, attachments: [{ title: "", type: "template", payload: { template_type: type, ...rest } }] };
  }
  const payload = type === "button" ? {} : { [type]: rest };
  return { ...title, attachments: [{ type: "template", payload }] };
}

/** Meta stores a copy of the file, and the echo has the address of the copy. */
function mediaEcho(platform: Platform, attachment: Content, random: Random): WireValue {
  const { type } = attachment as { type: string };
  const payload = contentOf(attachment["payload"]);
  if (payload === null || !("url" in payload || "attachment_id" in payload)) return attachment as WireValue;
  return { type, payload: { url: assetUrl(platform, random) } };
}

function contentOf(value: unknown): Content | null {
  const parsed: unknown = typeof value === "string" && value.startsWith("{") ? JSON.parse(value) : value;
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? (parsed as Content) : null;
}

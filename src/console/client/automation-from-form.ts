/** What stands in the form, as an automation. What the form does not show (an attachment, quick replies) stays. */
import {
  type Automation,
  COMMENT_TRIGGERS,
  type MessageContent,
  type TriggerOn,
} from "../../core/automation/automation.ts";
import { keywordsIn } from "./keywords.ts";

/** A line of its own between the texts of a public reply. */
export const BETWEEN_TEXTS = "---";

/**
 * @param value of a field by its name; null: the form has no such field
 * @param before what the form was drawn from
 */
export function automationFrom(value: (name: string) => string | null, before: Automation, id: string): Automation {
  const { trigger } = before;
  const on = (value("on") ?? trigger.on) as TriggerOn;
  const onComment = COMMENT_TRIGGERS.includes(on);
  const { deferSeconds: _, ...rest } = before;
  const defer = value("deferSeconds")?.trim() ?? "";
  const keywords = value("keywords");
  return {
    ...rest,
    id,
    name: value("name") ?? "",
    trigger: {
      ...trigger,
      on,
      match: (value("match") ?? trigger.match) as Automation["trigger"]["match"],
      keywords: keywords === null ? trigger.keywords : keywordsIn(keywords),
      mediaIds: onComment ? (idsIn(value("mediaIds")) ?? trigger.mediaIds) : [],
    },
    actions: onComment ? commentActions(value, before, on) : messageActions(value, before),
    ...(defer === "" ? {} : { deferSeconds: Number(defer) }),
  };
}

type Actions = Automation["actions"];

/** Another trigger has other actions: the text that was there goes along. */
function commentActions(
  value: (name: string) => string | null,
  { actions: { privateReply, message } }: Automation,
  on: TriggerOn,
): Actions {
  const actions: Actions = {};
  const content = contentFrom(value("privateReply"), privateReply ?? message);
  if (content !== null) actions.privateReply = content;
  const texts = (value("publicReply") ?? "")
    .split(new RegExp(`^${BETWEEN_TEXTS}$`, "m"))
    .map((text) => text.trim())
    .filter((text) => text !== "");
  if (texts.length > 0 && on !== "live_comment") actions.publicReply = { texts };
  return actions;
}

function messageActions(
  value: (name: string) => string | null,
  { actions: { privateReply, message } }: Automation,
): Actions {
  const content = contentFrom(value("message"), message ?? privateReply);
  return content === null ? {} : { message: content };
}

/** @param text null: the form has no field for it, as it is an attachment, or was another action until now */
function contentFrom(text: string | null, before: MessageContent | undefined): MessageContent | null {
  if (text === null || before?.attachment !== undefined) return before ?? null;
  if (text.trim() === "") return null;
  return { ...before, text };
}

/** No id has a space or a comma in it. */
function idsIn(text: string | null): string[] | null {
  return text === null ? null : text.split(/[\s,]+/).filter((id) => id !== "");
}

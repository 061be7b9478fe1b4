import { personId as newPersonId } from "../meta-ids.ts";
import {
  assetUrl,
  BUSINESS_AI_APP_ID,
  echo,
  edit,
  message,
  midOf,
  PAGE_INBOX_APP_ID,
  reaction,
  seen,
  unsend,
} from "../message-notifications.ts";
import { attachment, ATTACHMENTS, attachments } from "./attachment-option.ts";
import { flag, option, options, present } from "./notification-kind.ts";
import type { Kind } from "./notification-kind.ts";
import { REFERRAL_OPTIONS, referralFrom } from "./referral-options.ts";

const mid = option("the message's id");

const messageKind: Kind = {
  name: "message",
  summary: "a person writes a message",
  example: 'message --text "Do you ship to Norway?"',
  options: {
    text: option("what it says"),
    mid,
    attachment: options(`one of ${ATTACHMENTS.join(", ")}; may be given several times`),
    "quick-reply": option("payload of the quick reply that was tapped"),
    "reply-to": option("mid of the message that it answers"),
    story: option("id of the account's story that it answers"),
    "prior-message": option("where the conversation began, as a Page is told: an identifier"),
    ...REFERRAL_OPTIONS,
  },
  make(context, values) {
    const replyTo = values.text("reply-to");
    const story = values.text("story");
    const prior = values.text("prior-message");
    const attached = attachments(context, values);
    const text = values.text("text");
    return message(
      {
        ...context,
        ...attached,
        ...present({
          mid: values.text("mid"),
          text: text ?? (attached.attachments === undefined ? "Hi! Do you ship to Norway?" : undefined),
          quickReplyPayload: values.text("quick-reply"),
          replyTo:
            replyTo !== undefined
              ? { mid: replyTo }
              : story === undefined
                ? undefined
                : { story: { id: story, url: assetUrl(context.platform, context.random) } },
          referral: referralFrom(context, values),
          priorMessage: prior === undefined ? undefined : { source: "checkbox_plugin", identifier: prior },
        }),
      },
      context,
    );
  },
};

export const MESSAGE_KINDS: readonly Kind[] = [
  messageKind,
  {
    name: "story-mention",
    summary: "a person mentions the account in their story",
    example: "story-mention",
    platform: "instagram",
    options: { mid },
    make: (context, values) =>
      message(
        { ...context, attachments: [attachment("story_mention", context)], ...present({ mid: values.text("mid") }) },
        context,
      ),
  },
  {
    name: "unsend",
    summary: "a person takes a message back",
    example: "unsend --mid <mid>",
    options: { mid },
    make: (context, values) =>
      unsend({ ...context, mid: values.text("mid") ?? midOf(context.platform, context.random) }, context),
  },
  {
    name: "edit",
    summary: "a person edits a message; --num 0 is the companion of a new message",
    example: 'edit --mid <mid> --text "Do you ship to Sweden?"',
    options: { mid, text: option("what it says now"), num: option("which edit it is; 0 is none") },
    make(context, values) {
      const numEdit = values.whole("num") ?? 1;
      const text = values.text("text") ?? (numEdit === 0 ? undefined : "Do you ship to Sweden?");
      const target = values.text("mid") ?? midOf(context.platform, context.random);
      return edit({ ...context, mid: target, numEdit, ...present({ text }) }, context);
    },
  },
  {
    name: "echo",
    summary: "something was sent in the account's name: by an app, a person (--human), Meta's AI (--ai)",
    example: 'echo --human --text "Hi, Anna here."',
    options: {
      text: option("what it says"),
      mid,
      app: option("the app that sent it (Page)"),
      metadata: option("what the send call had set (Page)"),
      human: flag("a person wrote it in the inbox"),
      ai: flag("Meta's business AI wrote it (Page)"),
      self: flag("a message of the account to itself (Instagram)"),
      attachment: options("as for message"),
    },
    make(context, values) {
      const attached = attachments(context, values);
      const ai = values.flag("ai");
      const appId = values.flag("human")
        ? PAGE_INBOX_APP_ID
        : ai
          ? BUSINESS_AI_APP_ID
          : (values.text("app") ?? context.appId);
      return echo(
        {
          ...context,
          appId,
          aiGenerated: ai,
          isSelf: values.flag("self"),
          ...attached,
          ...present({
            mid: values.text("mid"),
            text: values.text("text") ?? (attached.attachments === undefined ? "Here is the guide." : undefined),
            metadata: values.text("metadata") ?? (ai ? '{"source":"axon"}' : undefined),
            personId: values.flag("self") ? newPersonId(context.random) : undefined,
          }),
        },
        context,
      );
    },
  },
  {
    name: "reaction",
    summary: "a person reacts to a message, or takes it back (--remove)",
    example: "reaction --mid <mid> --name love",
    options: {
      mid,
      name: option("love, wow, sad, angry, like, dislike, smile"),
      emoji: option("the emoji"),
      remove: flag("takes it back"),
    },
    make: (context, values) =>
      reaction(
        {
          ...context,
          mid: values.text("mid") ?? midOf(context.platform, context.random),
          ...present({
            reaction: values.flag("remove")
              ? undefined
              : { name: values.text("name") ?? "love", emoji: values.text("emoji") ?? "\u2764\ufe0f" },
          }),
        },
        context,
      ),
  },
  {
    name: "seen",
    summary: "a person has read: by mid on Instagram, by watermark on a Page",
    example: "seen --mid <mid>",
    options: { mid },
    make: (context, values) =>
      seen({ ...context, mid: values.text("mid") ?? midOf(context.platform, context.random) }, context),
  },
];

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
import { flag, option, options, present, type Kind } from "./notification-kind.ts";
import { REFERRAL_OPTIONS, referralFrom } from "./referral-options.ts";

const mid = option("the message's id");

const messageKind: Kind = {
  name: "message",
  summary: "a person sends a message",
  example: 'message --text "Do you ship to Norway?"',
  options: {
    text: option("the text"),
    mid,
    attachment: options(`one of ${ATTACHMENTS.join(", ")}; may be given several times`),
    "quick-reply": option("the payload of the tapped quick reply"),
    "reply-to": option("the mid of the message that it replies to"),
    story: option("the id of the account's story that it replies to"),
    "prior-message": option("for Pages: the identifier of the plugin where the conversation began"),
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
    summary: "a person unsends a message",
    example: "unsend --mid <mid>",
    options: { mid },
    make: (context, values) =>
      unsend({ ...context, mid: values.text("mid") ?? midOf(context.platform, context.random) }, context),
  },
  {
    name: "edit",
    summary: "a person edits a message; --num 0 is what Meta sends with a new message",
    example: 'edit --mid <mid> --text "Do you ship to Sweden?"',
    options: { mid, text: option("the new text"), num: option("the number of the edit; 0 is not an edit") },
    make(context, values) {
      const numEdit = values.whole("num") ?? 1;
      const text = values.text("text") ?? (numEdit === 0 ? undefined : "Do you ship to Sweden?");
      const target = values.text("mid") ?? midOf(context.platform, context.random);
      return edit({ ...context, mid: target, numEdit, ...present({ text }) }, context);
    },
  },
  {
    name: "echo",
    summary:
      "the account sent a message: by an app, a person (--human), Meta's AI (--ai) or an instant reply (--automatic)",
    example: 'echo --human --text "Hi, Anna here."',
    options: {
      text: option("the text"),
      mid,
      app: option("the app that sent it (Page)"),
      metadata: option("the metadata of the send call (Page)"),
      human: flag("a person sent it from the inbox"),
      ai: flag("Meta's business AI sent it (Page)"),
      automatic: flag("Meta's instant reply or away message: without an app", ["human", "ai", "app", "metadata"]),
      self: flag("a message from the account to itself (Instagram)"),
      attachment: options("the same types as for message"),
    },
    make(context, values) {
      const attached = attachments(context, values);
      const ai = values.flag("ai");
      const appId = values.flag("human")
        ? PAGE_INBOX_APP_ID
        : ai
          ? BUSINESS_AI_APP_ID
          : (values.text("app") ?? context.appId);
      const { appId: _own, ...thread } = context;
      return echo(
        {
          ...thread,
          ...(values.flag("automatic") ? {} : { appId }),
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
    summary: "a person reacts to a message, or removes the reaction (--remove)",
    example: "reaction --mid <mid> --name love",
    options: {
      mid,
      name: option("love, wow, sad, angry, like, dislike, smile"),
      emoji: option("the emoji"),
      remove: flag("remove the reaction"),
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
    summary: "a person read the messages: by mid on Instagram, by watermark on a Page",
    example: "seen --mid <mid>",
    options: { mid },
    make: (context, values) =>
      seen({ ...context, mid: values.text("mid") ?? midOf(context.platform, context.random) }, context),
  },
];

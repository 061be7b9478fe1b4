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
  make(scene, given) {
    const replyTo = given.text("reply-to");
    const story = given.text("story");
    const prior = given.text("prior-message");
    const attached = attachments(scene, given);
    const text = given.text("text");
    return message(
      {
        ...scene,
        ...attached,
        ...present({
          mid: given.text("mid"),
          text: text ?? (attached.attachments === undefined ? "Hi! Do you ship to Norway?" : undefined),
          quickReplyPayload: given.text("quick-reply"),
          replyTo:
            replyTo !== undefined
              ? { mid: replyTo }
              : story === undefined
                ? undefined
                : { story: { id: story, url: assetUrl(scene.platform, scene.random) } },
          referral: referralFrom(scene, given),
          priorMessage: prior === undefined ? undefined : { source: "checkbox_plugin", identifier: prior },
        }),
      },
      scene,
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
    make: (scene, given) =>
      message(
        { ...scene, attachments: [attachment("story_mention", scene)], ...present({ mid: given.text("mid") }) },
        scene,
      ),
  },
  {
    name: "unsend",
    summary: "a person takes a message back",
    example: "unsend --mid <mid>",
    options: { mid },
    make: (scene, given) => unsend({ ...scene, mid: given.text("mid") ?? midOf(scene.platform, scene.random) }, scene),
  },
  {
    name: "edit",
    summary: "a person edits a message; --num 0 is the companion of a new message",
    example: 'edit --mid <mid> --text "Do you ship to Sweden?"',
    options: { mid, text: option("what it says now"), num: option("which edit it is; 0 is none") },
    make(scene, given) {
      const numEdit = given.whole("num") ?? 1;
      const text = given.text("text") ?? (numEdit === 0 ? undefined : "Do you ship to Sweden?");
      const target = given.text("mid") ?? midOf(scene.platform, scene.random);
      return edit({ ...scene, mid: target, numEdit, ...present({ text }) }, scene);
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
    make(scene, given) {
      const attached = attachments(scene, given);
      const ai = given.flag("ai");
      const appId = given.flag("human")
        ? PAGE_INBOX_APP_ID
        : ai
          ? BUSINESS_AI_APP_ID
          : (given.text("app") ?? scene.appId);
      return echo(
        {
          ...scene,
          appId,
          aiGenerated: ai,
          isSelf: given.flag("self"),
          ...attached,
          ...present({
            mid: given.text("mid"),
            text: given.text("text") ?? (attached.attachments === undefined ? "Here is the guide." : undefined),
            metadata: given.text("metadata") ?? (ai ? '{"source":"axon"}' : undefined),
            personId: given.flag("self") ? newPersonId(scene.random) : undefined,
          }),
        },
        scene,
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
    make: (scene, given) =>
      reaction(
        {
          ...scene,
          mid: given.text("mid") ?? midOf(scene.platform, scene.random),
          ...present({
            reaction: given.flag("remove")
              ? undefined
              : { name: given.text("name") ?? "love", emoji: given.text("emoji") ?? "\u2764\ufe0f" },
          }),
        },
        scene,
      ),
  },
  {
    name: "seen",
    summary: "a person has read: by mid on Instagram, by watermark on a Page",
    example: "seen --mid <mid>",
    options: { mid },
    make: (scene, given) => seen({ ...scene, mid: given.text("mid") ?? midOf(scene.platform, scene.random) }, scene),
  },
];

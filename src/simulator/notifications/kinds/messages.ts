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
} from "../attachment.ts";
import { instagramObjectId, personId as newPersonId } from "../ids.ts";
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
} from "../message.ts";
import type { Referral } from "../message.ts";
import type { WireValue } from "../wire.ts";
import { flag, option, OptionError, options, present } from "./kind.ts";
import type { Given, Kind, Scene } from "./kind.ts";

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
const ATTACHMENTS = [...URL_ATTACHMENTS, ...OTHER_ATTACHMENTS] as const;

function attachment(type: string, scene: Scene): WireValue {
  const { platform, random } = scene;
  const found = ATTACHMENTS.find((candidate) => candidate === type);
  const id = instagramObjectId(random);
  switch (found) {
    case undefined:
      throw new OptionError(`--attachment must be one of ${ATTACHMENTS.join(", ")}, not "${type}"`);
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
      return appointmentAttachment(id, scene.now + 24 * 3600 * 1000, "Europe/Oslo");
    default:
      return urlAttachment(found, platform, random);
  }
}

/** `attachments`, where any were asked for. */
function attachments(scene: Scene, given: Given): { attachments?: WireValue[] } {
  const types = given.list("attachment");
  return types.length === 0 ? {} : { attachments: types.map((type) => attachment(type, scene)) };
}

/** Where a link or an ad brought the person from. */
export function referralFrom(scene: Scene, given: Given): Referral | undefined {
  const ref = given.text("ref");
  const adId = given.text("ad");
  if (ref === undefined && adId === undefined) return undefined;
  if (adId === undefined) {
    const source = scene.platform === "instagram" ? "IGME-SOURCE-LINK" : "SHORTLINK";
    return { ref: ref ?? "", source, type: "OPEN_THREAD" };
  }
  const page = scene.platform === "page";
  const ad = {
    id: adId,
    title: "Autumn launch",
    photoUrl: assetUrl("page", scene.random),
    ...(given.flag("no-video") ? {} : { videoUrl: assetUrl("page", scene.random) }),
    ...(page ? { postId: `${scene.accountId}_${instagramObjectId(scene.random)}` } : {}),
    ...(given.flag("shop")
      ? { productId: instagramObjectId(scene.random), flowId: instagramObjectId(scene.random) }
      : {}),
  };
  return { ...present({ ref }), source: "ADS", type: "OPEN_THREAD", ad };
}

export const REFERRAL_OPTIONS = {
  ref: option("the ref of the link or ad"),
  ad: option("the ad's id, for an ad that opens a conversation"),
  "no-video": flag("an ad without a video"),
  shop: flag("an ad of a product, with a flow"),
};

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
    summary:
      "something was sent in the account's name: by an app, by a person in the inbox (--human), by Meta's AI (--ai)",
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

import { describe, expect, it } from "vitest";
import { attachmentProblems, quickReplyProblems } from "../../../src/core/automation/message-parts.ts";

const pathOf = (keys: readonly (string | number)[]): string => keys.join(".");
const quick = (given: unknown): string[] => quickReplyProblems([given]).map(({ path }) => pathOf(path));
const attached = (given: { type: string; payload?: unknown }): string[] =>
  attachmentProblems(given).map(({ path }) => pathOf(path));

describe("a quick reply", () => {
  it.each<[string, unknown]>([
    ["a text with a payload", { content_type: "text", title: "Yes", payload: "YES" }],
    ["a text whose title Meta cuts", { content_type: "text", title: "t".repeat(40), payload: "P" }],
    ["a text with an image instead of a title", { content_type: "text", title: "", image_url: "https://a.example/b" }],
    ["the person's phone number", { content_type: "user_phone_number" }],
    ["the person's e-mail address", { content_type: "user_email", payload: "MAIL" }],
    ["an unknown key", { content_type: "text", title: "Yes", payload: "YES", color: "#fff" }],
  ])("may be %s", (_what, given) => {
    expect(quick(given)).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ["a number", 1, ["quick_replies.0"]],
    ["a text alone", "Yes", ["quick_replies.0"]],
    ["a list", [], ["quick_replies.0"]],
    ["null", null, ["quick_replies.0"]],
    ["of no type", { title: "Yes" }, ["quick_replies.0.content_type"]],
    ["of a retired type", { content_type: "location" }, ["quick_replies.0.content_type"]],
    ["without a payload", { content_type: "text", title: "Yes" }, ["quick_replies.0.payload"]],
    ["with an empty payload", { content_type: "text", title: "Yes", payload: "" }, ["quick_replies.0.payload"]],
    [
      "with a long payload",
      { content_type: "text", title: "Y", payload: "é".repeat(501) },
      ["quick_replies.0.payload"],
    ],
    ["without a title", { content_type: "text", payload: "YES" }, ["quick_replies.0.title"]],
    ["with a blank title", { content_type: "text", title: " ", payload: "P" }, ["quick_replies.0.title"]],
    ["with a number for a title", { content_type: "text", title: 1, payload: "P" }, ["quick_replies.0.title"]],
    ["with an object for a payload", { content_type: "text", title: "a", payload: {} }, ["quick_replies.0.payload"]],
  ])("is not %s", (_what, given, paths) => {
    expect(quick(given)).toEqual(paths);
  });

  it.each(["user_phone_number", "user_email"])("of the type %s is for Pages only", (content_type) => {
    expect(quickReplyProblems([{ content_type }], "page")).toEqual([]);
    expect(quickReplyProblems([{ content_type }], "instagram").map(({ path }) => pathOf(path))).toEqual([
      "quick_replies.0.content_type",
    ]);
  });
});

describe("an attachment", () => {
  it.each<[string, { type: string; payload?: unknown }]>([
    ["an image by URL", { type: "image", payload: { url: "https://example.com/a.png" } }],
    ["an image by the id that Meta gave it", { type: "image", payload: { attachment_id: "17" } }],
    ["a reusable video", { type: "video", payload: { url: "https://a.example/v.mp4", is_reusable: true } }],
    ["a generic template", { type: "template", payload: { template_type: "generic", elements: [{ title: "A" }] } }],
    ["a template of an unknown kind", { type: "template", payload: { template_type: "coupon" } }],
    ["a heart, which has no payload", { type: "like_heart" }],
    ["a post of the account", { type: "MEDIA_SHARE", payload: { id: "180" } }],
    ["a sticker", { type: "sticker", payload: { sticker_id: "369239263222822" } }],
  ])("may be %s", (_what, given) => {
    expect(attached(given)).toEqual([]);
  });

  it.each<[string, { type: string; payload?: unknown }, string]>([
    ["of a misspelled type", { type: "imgae", payload: { url: "https://a.example" } }, "attachment.type"],
    ["a post with another spelling", { type: "media_share", payload: { id: "180" } }, "attachment.type"],
    ["an image without a payload", { type: "image" }, "attachment.payload"],
    ["an image with an empty payload", { type: "image", payload: {} }, "attachment.payload"],
    ["an image with a string as payload", { type: "image", payload: "https://a.example" }, "attachment.payload"],
    ["an image with an invalid URL", { type: "image", payload: { url: "a.png" } }, "attachment.payload.url"],
    ["a template without a type", { type: "template", payload: { elements: [] } }, "attachment.payload.template_type"],
    [
      "a sticker without its id",
      { type: "sticker", payload: { url: "https://a.example" } },
      "attachment.payload.sticker_id",
    ],
    [
      "a post by a number, which may have lost digits",
      { type: "MEDIA_SHARE", payload: { id: 180 } },
      "attachment.payload.id",
    ],
  ])("is not %s", (_what, given, path) => {
    expect(attached(given)).toEqual([path]);
  });
});

describe("a template", () => {
  const problems = (payload: Record<string, unknown>): string[] =>
    attached({ type: "template", payload }).map((path) => path.replace("attachment.payload.", ""));
  const button = { type: "postback", title: "Go", payload: "P" };
  const withButtons = (...buttons: unknown[]) => ({ template_type: "button", text: "x", buttons });
  const cards = (...elements: unknown[]) => ({ template_type: "generic", elements });
  const many = (count: number, item: unknown): unknown[] => Array.from({ length: count }, () => item);

  it.each<[string, Record<string, unknown>]>([
    ["the longest text", { ...withButtons(button), text: "x".repeat(640) }],
    ["text that is long in bytes only", { ...withButtons(button), text: "🔥".repeat(640) }],
    ["three buttons", withButtons(button, { type: "web_url", title: "Web", url: "https://a.example" }, button)],
    ["a button of another type", withButtons({ type: "phone_number", title: "Call", payload: "+4712345678" })],
    ["a log-in button, whose label is Meta's", withButtons({ type: "account_link", url: "https://a.example" })],
    ["ten cards", cards(...many(10, { title: "t".repeat(80), subtitle: "s".repeat(80), buttons: [button] }))],
    ["a card without buttons", cards({ title: "A", image_url: "https://a.example/a.png" })],
    ["another type, with anything", { template_type: "media", elements: many(12, 1) }],
  ])("may have %s", (_what, payload) => {
    expect(problems(payload)).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ["a text of 700 characters", { ...withButtons(button), text: "x".repeat(700) }, ["text"]],
    ["no text", { template_type: "button", buttons: [button] }, ["text"]],
    ["a blank text", { ...withButtons(button), text: " " }, ["text"]],
    ["five buttons", withButtons(...many(5, button)), ["buttons"]],
    ["an empty list of buttons", withButtons(), ["buttons"]],
    ["no buttons", { template_type: "button", text: "x" }, ["buttons"]],
    ["a button that is a string", withButtons("Go"), ["buttons.0"]],
    ["a button without a title", withButtons(button, { type: "postback", payload: "P" }), ["buttons.1.title"]],
    ["a button without a type", withButtons({ title: "Go", payload: "P" }), ["buttons.0.type"]],
    ["a long title on a button", withButtons({ ...button, title: "t".repeat(21) }), ["buttons.0.title"]],
    ["a postback without a payload", withButtons({ type: "postback", title: "Go" }), ["buttons.0.payload"]],
    ["a postback with a long one", withButtons({ ...button, payload: "p".repeat(1001) }), ["buttons.0.payload"]],
    ["a link without a URL", withButtons({ type: "web_url", title: "Go" }), ["buttons.0.url"]],
    ["no cards", cards(), ["elements"]],
    ["twelve cards", cards(...many(12, { title: "A" })), ["elements"]],
    ["a card without a title", cards({ title: "A" }, { subtitle: "B" }), ["elements.1.title"]],
    ["a card with a title of 120", cards({ title: "t".repeat(120) }), ["elements.0.title"]],
    ["a card with a subtitle of 120", cards({ title: "A", subtitle: "t".repeat(120) }), ["elements.0.subtitle"]],
    ["a card with four buttons", cards({ title: "A", buttons: many(4, button) }), ["elements.0.buttons"]],
    ["a card with a wrong button", cards({ title: "A", buttons: [{}] }), ["elements.0.buttons.0.type"]],
  ])("may not have %s", (_what, payload, paths) => {
    expect(problems(payload)).toEqual(paths);
  });

  it("is no sticker; one can be sent from Pages only", () => {
    const sticker = { type: "sticker", payload: { sticker_id: "369239263222822" } };
    expect(attachmentProblems(sticker, "page")).toEqual([]);
    expect(attachmentProblems(sticker, "instagram")).toHaveLength(1);
  });
});

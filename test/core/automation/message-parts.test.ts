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
    ["without a title", { content_type: "text", payload: "YES" }, ["quick_replies.0.title"]],
    ["with a blank title", { content_type: "text", title: " " }, ["quick_replies.0.title"]],
    ["with a number for a title", { content_type: "text", title: 1 }, ["quick_replies.0.title"]],
    ["with an object for a payload", { content_type: "text", title: "a", payload: {} }, ["quick_replies.0.payload"]],
  ])("is not %s", (_what, given, paths) => {
    expect(quick(given)).toEqual(paths);
  });
});

describe("an attachment", () => {
  it.each<[string, { type: string; payload?: unknown }]>([
    ["an image by URL", { type: "image", payload: { url: "https://example.com/a.png" } }],
    ["an image by the id that Meta gave it", { type: "image", payload: { attachment_id: "17" } }],
    ["a reusable video", { type: "video", payload: { url: "https://a.example/v.mp4", is_reusable: true } }],
    ["a generic template", { type: "template", payload: { template_type: "generic", elements: [] } }],
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
      "a post by a number, which may have lost digits",
      { type: "MEDIA_SHARE", payload: { id: 180 } },
      "attachment.payload.id",
    ],
  ])("is not %s", (_what, given, path) => {
    expect(attached(given)).toEqual([path]);
  });
});

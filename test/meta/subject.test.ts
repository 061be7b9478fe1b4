import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Subject } from "../../src/core/automation/subject.ts";
import { readSubject } from "../../src/meta/subject.ts";
import { change, comment, event, events, IG, messaging, PERSON } from "./reader/deliveries.ts";

const FOLDER = new URL("../payloads/", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
const of = (file: string): Subject => readSubject(event(readFileSync(new URL(`${file}.json`, FOLDER))));
const subject = (body: unknown): Subject => readSubject(event(body));

describe("which triggers a sample body fires", () => {
  // Every body that may be answered at all; all others must fire nothing.
  const FIRING: Record<string, string[]> = {
    "instagram.comments.ad": ["comment"],
    "instagram.comments.array_wrapped": ["comment"],
    "instagram.comments.batched": ["comment"],
    "instagram.comments.changes": ["comment"],
    "instagram.comments.fb_login_comment_id": ["comment"],
    "instagram.live_comments.changes": ["live_comment"],
    "instagram.live_comments.flat_entry": ["live_comment"],
    "instagram.mentions.comment": ["mention"],
    "instagram.mentions.media_caption": ["mention"],
    "instagram.message_reactions.react": ["reaction"],
    "instagram.messages.attachment_story_mention": ["story_mention"],
    "instagram.messages.referral_ad": ["referral", "message"],
    "page.messages.referral_ad": ["referral", "message"],
    "instagram.messaging_optins.notification_messages": ["optin"],
    "instagram.messaging_postbacks.button": ["postback"],
    "instagram.messaging_postbacks.referral": ["referral", "postback"],
    "instagram.messaging_referral.ig_me": ["referral"],
    "page.feed.comment_add": ["comment"],
    "page.feed.comment_reply_add": ["comment"],
    "page.mention.post_add": ["mention"],
    "page.message_reactions.react": ["reaction"],
    "page.messaging_optins.notification_messages": ["optin"],
    "page.messaging_optins.ref": ["optin"],
    "page.messaging_postbacks.button": ["postback"],
    "page.messaging_postbacks.get_started_referral": ["referral", "postback"],
    "page.messaging_referrals.ad": ["referral"],
    "page.messaging_referrals.m_me": ["referral"],
  };
  const NO_MESSAGES = /story_mention|template_generic|is_deleted|is_echo|is_self|test_button/;

  it.each(files)("%s", (file) => {
    const name = file.replace(/\.json$/, "");
    const isMessage = /^(instagram|page)\.messages\./.test(name) && !NO_MESSAGES.test(name);
    const expected = FIRING[name] ?? (isMessage ? ["message"] : []);
    for (const found of events(readFileSync(new URL(file, FOLDER)))) {
      const { on, blocked } = readSubject(found);
      expect(blocked === null ? on : []).toEqual(expected);
    }
  });
});

describe("nothing is answered", () => {
  it.each([
    ["the account's own comment", "instagram.comments.self", "own_comment"],
    ["an echo", "instagram.messages.is_echo", "echo"],
    ["a message to oneself", "instagram.messages.is_self", "echo"],
    ["a postback to oneself", "instagram.messaging_postbacks.is_self", "echo"],
    ["an answer of Meta's AI", "page.message_echoes.ai_generated", "echo"],
    ["a message that another app handles", "page.standby.message", "standby"],
    ["an echo in such a thread", "page.standby.echo", "standby"],
    ["the Test button's message", "instagram.messages.test_button_changes", "test_event"],
    ["the Test button's comment", "instagram.comments.minimal_legacy", "test_event"],
  ])("that is %s", (_, file, blocked) => {
    expect(of(file).blocked).toBe(blocked);
  });

  it("that the account wrote, with any flags", () => {
    expect(subject(messaging({ message: { mid: "m" }, sender: { id: IG } })).blocked).toBe("echo");
    expect(subject(messaging({ reaction: { mid: "m", action: "react" }, sender: { id: IG } })).blocked).toBe("echo");
    const own = { item: "comment", verb: "add", comment_id: "1_2", post_id: "1_1", from: { id: "1" } };
    const page = { object: "page", entry: [{ id: "1", changes: [{ field: "feed", value: own }] }] };
    expect(subject(page).blocked).toBe("own_comment");
  });

  it.each([0, 1, "0"])("that is an edit, num_edit %j", (num_edit) => {
    const edit = subject(messaging({ message_edit: { mid: "m", text: "guide", num_edit } }));
    expect(edit).toMatchObject({ on: [], text: "guide", messageId: "m", personId: PERSON });
  });

  it("that is a Page comment's edit or end, a reaction taken back, or a mention removed", () => {
    expect(of("page.feed.comment_edited").on).toEqual([]);
    expect(of("page.feed.comment_remove").on).toEqual([]);
    expect(of("instagram.message_reactions.unreact").on).toEqual([]);
    expect(subject(messaging({ message: { mid: "m", is_deleted: true } })).on).toEqual([]);
    const removed = { field: "mention", value: { post_id: "1", verb: "remove" } };
    expect(subject({ object: "page", entry: [{ id: "1", changes: [removed] }] }).on).toEqual([]);
  });
});

describe("a subject", () => {
  it("of a comment has all that a reply needs", () => {
    expect(subject(change("comments", comment({ parent_id: "99" })))).toEqual({
      on: ["comment"],
      blocked: null,
      text: "GUIDE",
      keywordTexts: {},
      personId: PERSON,
      username: "nadia.bakes",
      commentId: "17984512367720415",
      parentId: "99",
      messageId: null,
      mediaId: "18054321970886143",
      originalMediaId: null,
      mediaIds: ["18054321970886143"],
      fields: {
        "comment.id": "17984512367720415",
        "parent.id": "99",
        "media.id": "18054321970886143",
        "media.type": "REELS",
      },
    });
  });

  it("of a comment under an ad names both media", () => {
    expect(of("instagram.comments.ad")).toMatchObject({
      mediaId: "17902266381450917",
      originalMediaId: "18054321970886143",
      mediaIds: ["17902266381450917", "18054321970886143"],
      fields: { "ad.id": "120214567890123457", "ad.title": "Autumn launch - carousel B" },
    });
  });

  it("of a Page comment has post, author and text", () => {
    expect(of("page.feed.comment_add")).toMatchObject({
      text: "Do you deliver?",
      personId: "5830021447719036",
      username: "Ingrid H.",
      commentId: "922817446530118_1187304455920036",
      parentId: null,
      mediaId: "104857392817465_922817446530118",
      mediaIds: ["104857392817465_922817446530118", "922817446530118"],
    });
  });

  it("of a quick reply is a message with its payload", () => {
    expect(of("instagram.messages.quick_reply")).toMatchObject({
      on: ["message"],
      text: "Yes, send it",
      keywordTexts: { message: ["Yes, send it", "FLOW_12:NODE_3:YES"] },
      fields: { payload: "FLOW_12:NODE_3:YES" },
    });
  });

  it("of a story reply fires as one and as a message; a story mention only as one", () => {
    const story = { id: "1802", url: "https://cdn.example/s" };
    expect(subject(messaging({ message: { mid: "m", text: "wow", reply_to: { story } } }))).toMatchObject({
      on: ["story_reply", "message"],
      fields: { "story.id": "1802", "story.url": "https://cdn.example/s" },
    });
    expect(of("instagram.messages.attachment_story_mention")).toMatchObject({
      on: ["story_mention"],
      fields: { "story.url": expect.stringMatching(/^https:/) },
    });
  });

  it("of a postback compares keywords with the payload", () => {
    expect(of("instagram.messaging_postbacks.referral")).toMatchObject({
      text: "ICEBREAKER_2",
      keywordTexts: { referral: ["newsletter-44"], postback: ["ICEBREAKER_2", "Start"] },
      messageId: expect.any(String),
      fields: { payload: "ICEBREAKER_2", title: "Start", ref: "newsletter-44", source: "IGME-SOURCE-LINK" },
    });
  });

  it("of a message by an ad without a ref is a referral without a keyword", () => {
    const arrival = subject(messaging({ message: { mid: "m", text: "hi", referral: { source: "ADS", ad_id: "12" } } }));
    expect(arrival).toMatchObject({ on: ["referral", "message"], text: "hi", keywordTexts: { referral: [] } });
  });

  it("of a message about a product is no referral", () => {
    const about = messaging({ message: { mid: "m", text: "hi", referral: { product: { id: "55" } } } });
    expect(subject(about).on).toEqual(["message"]);
  });

  it.each(["STORY_MENTION", "story_mention"])("of a referral with the source %s is a story mention", (source) => {
    const story = { id: "18040775032372871", url: "https://cdn.example/s?asset_id=18040775032372871" };
    const fields = { "story.id": story.id, "story.url": story.url };
    expect(subject(messaging({ referral: { source, type: "OPEN_THREAD", story } }))).toMatchObject({
      on: ["story_mention"],
      fields,
    });
    expect(subject(messaging({ message: { mid: "m", referral: { source, story } } }))).toMatchObject({
      on: ["story_mention"],
      fields,
    });
    // The attachment's form of the same mention has the same id, so that an account can tell.
    const attachments = [{ type: "story_mention", payload: { url: story.url } }];
    expect(subject(messaging({ message: { mid: "m", attachments } })).fields).toEqual(fields);
  });

  it("of a referral compares keywords with the ref", () => {
    expect(of("page.messaging_referrals.ad")).toMatchObject({
      text: "q4-a",
      fields: { "ad.id": "120213998877665544" },
    });
  });

  it("of a reaction compares keywords with its name and its emoji", () => {
    expect(of("page.message_reactions.react")).toMatchObject({
      text: "wow 😮",
      fields: { reaction: "wow", emoji: "😮" },
    });
    expect(subject(messaging({ reaction: { mid: "m", action: "react" } })).text).toBeNull();
  });

  it("of an opt-in compares keywords with the payload or the ref", () => {
    expect([of("page.messaging_optins.notification_messages").text, of("page.messaging_optins.ref").text]).toEqual([
      "LAUNCH_LIST",
      "signup-box-2",
    ]);
  });

  it("leaves out the fields that have no value", () => {
    expect(of("instagram.messages.text").fields).toEqual({});
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EVENT_KINDS } from "../../../src/core/event.ts";
import { readView, type View } from "../../../src/meta/views/view.ts";
import { change, comment, event, events, IG, messaging, PERSON } from "../reader/deliveries.ts";

const FOLDER = new URL("../../payloads/", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
const viewOf = (file: string): View => readView(event(readFileSync(new URL(`${file}.json`, FOLDER))));
const view = (body: unknown): View => readView(event(body));

describe("every view", () => {
  it.each(files)("of %s has the kind of its event", (file) => {
    for (const found of events(readFileSync(new URL(file, FOLDER)))) expect(readView(found).kind).toBe(found.kind);
  });

  it.each(EVENT_KINDS)("of %s is readable without any content", (kind) => {
    for (const raw of ["", "{", "null", "[]", "{}", '{"field":"x","value":null}', '{"message":7,"value":[]}']) {
      expect(readView({ kind, accountId: IG, raw }).kind).toBe(kind);
    }
  });

  it("has ids as text where Meta prints long numbers", () => {
    const raw = '{"field":"comments","value":{"id":17984512367720415,"from":{"id":10458729301648271}}}';
    expect(readView({ kind: "comment", accountId: IG, raw })).toMatchObject({
      commentId: "17984512367720415",
      from: { id: "10458729301648271" },
    });
  });
});

describe("a comment's view", () => {
  it("has author, text and media", () => {
    expect(viewOf("instagram.comments.changes")).toEqual({
      kind: "comment",
      commentId: "17984512367720415",
      parentId: null,
      text: "GUIDE please 🙏",
      from: { id: PERSON, username: "nadia.bakes", selfScopedId: null },
      media: { id: "18054321970886143", productType: "REELS", adId: null, adTitle: null, originalMediaId: null },
      own: false,
    });
  });

  it("has the ad and the media that it was made from", () => {
    expect(viewOf("instagram.comments.ad")).toMatchObject({
      media: {
        id: "17902266381450917",
        productType: "AD",
        adId: "120214567890123457",
        adTitle: "Autumn launch - carousel B",
        originalMediaId: "18054321970886143",
      },
    });
  });

  it("has the id under either of its names, and the parent comment", () => {
    const found = viewOf("instagram.comments.fb_login_comment_id");
    expect(found).toMatchObject({ commentId: "17984512367720415", parentId: "17991230055471286" });
  });

  it("takes a comment for the account's own by its author, not by the self-scoped id", () => {
    expect(viewOf("instagram.comments.self")).toMatchObject({ own: true });
    expect(view(change("comments", comment({ from: { id: IG } })))).toMatchObject({ own: true });
    // Meta's sample and the dashboard's Test button have the self-scoped id on a stranger's comment.
    expect(view(change("comments", comment({ from: { id: "1", self_ig_scoped_id: "2" } })))).toMatchObject({
      own: false,
      from: { selfScopedId: "2" },
    });
    expect(view(change("comments", comment()))).toMatchObject({ own: false });
  });

  it("is the same for live comments, flat entries and legacy tests", () => {
    expect(viewOf("instagram.live_comments.flat_entry")).toMatchObject({
      kind: "live_comment",
      text: "hello from Lisbon",
    });
    expect(viewOf("instagram.comments.minimal_legacy")).toMatchObject({
      text: "Sample comment text",
      from: null,
      media: null,
    });
  });
});

describe("a mention's view", () => {
  it("has comment and media, or only the media", () => {
    const [commentId, mediaId] = ["17913350248867741", "17870246639218850"];
    expect(viewOf("instagram.mentions.comment")).toMatchObject({ commentId, mediaId, text: null, own: false });
    expect(viewOf("instagram.mentions.media_caption")).toMatchObject({ commentId: null, mediaId });
  });

  it("has the post on a Page", () => {
    expect(viewOf("page.mention.post_add")).toMatchObject({ mediaId: "7281934650182736_88120045", verb: "add" });
  });
});

describe("a Page feed's view", () => {
  const POST = "104857392817465_922817446530118";
  it("has the comment, without a parent for a top-level one", () => {
    expect(viewOf("page.feed.comment_add")).toEqual({
      kind: "feed",
      item: "comment",
      verb: "add",
      commentId: "922817446530118_1187304455920036",
      postId: POST,
      // The second is from the post's permalink.
      postNames: [POST, "922817446530118"],
      parentId: null,
      from: { id: "5830021447719036", username: "Ingrid H.", selfScopedId: null },
      message: "Do you deliver?",
      createdAt: 1795165200000,
      own: false,
    });
  });

  it.each([
    [{ post: { id: POST, permalink_url: "https://www.facebook.com/reel/1517627079555205/" } }, "1517627079555205"],
    [{ post: { permalink_url: "https://www.facebook.com/104857392817465/videos/77700001" } }, "77700001"],
    [{ post: { permalink_url: "https://www.facebook.com/shop/posts/pfbid02aBc" } }, "pfbid02aBc"],
    [{ post: { permalink_url: "https://www.facebook.com/shop/photos/a.1/77700002/" } }, "77700002"],
    [{ post: { permalink_url: "https://www.facebook.com/permalink.php?story_fbid=77700003&id=1" } }, "77700003"],
    [{ post: { permalink_url: "https://www.facebook.com/watch/?v=77700004" } }, "77700004"],
    [{ photo_id: "77700005" }, "77700005"],
    [{ video_id: "77700006" }, "77700006"],
  ])("has every name of the post: %j", (more, name) => {
    const value = { item: "comment", verb: "add", comment_id: "1_2", post_id: POST, ...more };
    const feed = { object: "page", entry: [{ id: "1", changes: [{ field: "feed", value }] }] };
    expect(readView(event(feed))).toMatchObject({ postId: POST, postNames: [POST, name] });
  });

  it("has the parent comment of a reply", () => {
    expect(viewOf("page.feed.comment_reply_add")).toMatchObject({ parentId: "922817446530118_1187304455920036" });
  });

  it("recognizes the Page's own actions", () => {
    expect(viewOf("page.feed.photo_add")).toMatchObject({ item: "photo", own: true, commentId: null });
    expect(viewOf("page.feed.reaction_add")).toMatchObject({ item: "reaction", own: false });
  });
});

describe("a message's view", () => {
  it("has sender and text", () => {
    expect(viewOf("instagram.messages.text")).toMatchObject({
      kind: "message",
      mid: expect.stringMatching(/^aWdfZA/),
      text: "Hi! Do you ship to Norway?",
      personId: PERSON,
      recipientId: IG,
      attachments: [],
      quickReplyPayload: null,
      replyTo: null,
      story: null,
      referral: null,
      self: false,
      unsupported: false,
    });
  });

  it("decodes the escapes of the wire format", () => {
    expect(viewOf("instagram.messages.wire_escaped")).toMatchObject({
      text: "Grüße aus Köln 🙏 https://shop.example/a?b=1&c=2",
    });
  });

  it("lists attachments with their URLs", () => {
    expect(viewOf("instagram.messages.attachment_image_multi")).toMatchObject({
      attachments: [{ type: "image" }, { type: "image" }, { type: "video", url: expect.stringMatching(/^https:/) }],
    });
    expect(viewOf("page.messages.attachment_location")).toMatchObject({
      attachments: [{ type: "location", url: null, payload: { coordinates: { lat: 59.9127, long: 10.7461 } } }],
    });
    const like = messaging({ message: { mid: "m", attachments: [{ type: "like_heart" }, 7] } });
    expect(view(like)).toMatchObject({ attachments: [{ type: "like_heart", payload: null }, { type: null }] });
  });

  it("has quick replies, referrals, and the message or story that is replied to", () => {
    expect(viewOf("page.messages.quick_reply")).toMatchObject({ quickReplyPayload: "SLOT_2", text: "Tomorrow" });
    expect(viewOf("instagram.messages.referral_ad")).toMatchObject({
      referral: { ref: "spring-b", adId: "120214567890123457", adTitle: "Autumn launch - carousel B", source: "ADS" },
    });
    expect(viewOf("page.messages.reply_to")).toMatchObject({ replyTo: { mid: expect.any(String), story: null } });
    const story = { url: "https://cdn.example/s", id: "1802" };
    expect(view(messaging({ message: { mid: "m", reply_to: { story } } }))).toMatchObject({
      story,
      replyTo: { story },
    });
    const product = view(messaging({ message: { mid: "m", referral: { product: { id: "55" } } } }));
    expect(product).toMatchObject({ referral: { productId: "55" } });
    const flow = view(messaging({ referral: { ref: "r", source: "SHORTLINK", type: "OPEN_THREAD", flow_id: "77" } }));
    expect(flow).toMatchObject({ kind: "referral", referral: { ref: "r", flowId: "77", story: null } });
  });

  it("recognizes the account's own messages by flag or sender", () => {
    expect(view(messaging({ message: { mid: "m", is_self: true } }))).toMatchObject({ self: true });
    expect(view(messaging({ message: { mid: "m" }, sender: { id: IG } }))).toMatchObject({ self: true });
  });

  it("shows that Meta does not provide the content", () => {
    expect(view(messaging({ message: { mid: "m", is_unsupported: true } }))).toMatchObject({
      unsupported: true,
      text: null,
    });
  });
});

describe("an echo's view", () => {
  it("has the recipient and the app that sent it", () => {
    expect(viewOf("page.message_echoes.text")).toMatchObject({
      personId: "7281934650182736",
      appId: "1184729305561827",
      metadata: "run:9f2c",
      aiGenerated: false,
      self: false,
    });
    expect(viewOf("page.message_echoes.ai_generated")).toMatchObject({ aiGenerated: true, appId: "263902037430900" });
    expect(viewOf("instagram.messages.is_echo")).toMatchObject({ personId: PERSON, appId: null, metadata: null });
    expect(viewOf("instagram.messages.is_self")).toMatchObject({ self: true });
  });
});

describe("changes to a message", () => {
  it("have the same mid for an unsend, and who unsent it", () => {
    expect(viewOf("instagram.messages.is_deleted")).toMatchObject({
      kind: "message_deleted",
      personId: PERSON,
      own: false,
    });
    const message = { mid: "m", is_deleted: true };
    const own = messaging({ message, sender: { id: IG }, recipient: { id: PERSON } });
    expect(view(own)).toMatchObject({ kind: "message_deleted", mid: "m", personId: PERSON, own: true });
  });

  it("count edits, quoted or not", () => {
    expect(viewOf("instagram.message_edit.num_edit_zero")).toMatchObject({ numEdit: 0, text: null });
    expect(view(messaging({ message_edit: { mid: "m", text: "new", num_edit: "2" } }))).toMatchObject({ numEdit: 2 });
  });

  it("have added and removed reactions", () => {
    const react = { action: "react", reaction: "love", emoji: "❤️", personId: PERSON, own: false };
    expect(viewOf("instagram.message_reactions.react")).toMatchObject(react);
    expect(viewOf("page.message_reactions.unreact")).toMatchObject({ action: "unreact", reaction: null, emoji: null });
    expect(view(messaging({ reaction: { action: "other" } }))).toMatchObject({ action: null });
  });
});

describe("other views", () => {
  it("have postbacks, referrals and opt-ins", () => {
    const postback = { kind: "postback", title: "Get Started", payload: "GET_STARTED", referral: { ref: "flyer_7" } };
    expect(viewOf("page.messaging_postbacks.get_started_referral")).toMatchObject(postback);
    expect(viewOf("instagram.messaging_postbacks.is_self")).toMatchObject({ self: true });
    expect(viewOf("page.messaging_referrals.ad")).toMatchObject({
      referral: { ref: "q4-a", adId: "120213998877665544" },
    });
    const optin = {
      kind: "optin",
      type: "notification_messages",
      payload: "LAUNCH_LIST",
      title: "Launch updates",
      ref: null,
    };
    expect(viewOf("page.messaging_optins.notification_messages")).toMatchObject(optin);
    expect(viewOf("page.messaging_optins.ref")).toMatchObject({ ref: "signup-box-2", personId: "7281934650182736" });
  });

  it("tell receipts", () => {
    expect(viewOf("instagram.messaging_seen.read")).toMatchObject({ mid: expect.any(String), watermarkMs: null });
    expect(viewOf("page.message_reads.watermark")).toMatchObject({ mid: null, watermarkMs: 1795165200100 });
    expect(viewOf("page.message_deliveries.mids")).toMatchObject({
      personId: "7281934650182736",
      mids: [expect.stringMatching(/^m_dc0U/), expect.stringMatching(/^m_0Jr/)],
      watermarkMs: 1795165200100,
    });
  });

  it("have the owner of a thread", () => {
    const [newOwnerAppId, previousOwnerAppId] = ["1184729305561827", "2237740916658013"];
    const pass = { action: "pass", newOwnerAppId, previousOwnerAppId, metadata: "handover: billing", personId: PERSON };
    expect(viewOf("instagram.messaging_handover.pass_thread_control")).toMatchObject(pass);
    expect(viewOf("page.messaging_handovers.take_thread_control")).toMatchObject({
      action: "take",
      previousOwnerAppId: null,
    });
    const request = { action: "request", newOwnerAppId: "2237740916658013" };
    expect(viewOf("page.messaging_handovers.request_thread_control")).toMatchObject(request);
    expect(viewOf("page.messaging_handovers.app_roles")).toMatchObject({
      action: "roles",
      personId: null,
      roles: [{ appId: newOwnerAppId, roles: ["primary_receiver"] }],
    });
  });

  it("have the events in standby", () => {
    expect(viewOf("page.standby.message")).toMatchObject({ inner: { kind: "message", text: "anyone there?" } });
    expect(viewOf("page.standby.echo")).toMatchObject({ inner: { kind: "echo", appId: "2237740916658013" } });
    const body = { object: "page", entry: [{ id: "1", standby: [{ brand_new: 1 }] }] };
    expect(view(body)).toMatchObject({ inner: { kind: "unknown" } });
  });

  it("have policies and story metrics", () => {
    const reason = expect.stringContaining("Sample reason");
    expect(viewOf("page.messaging_policy_enforcement.block")).toMatchObject({ action: "block", reason });
    expect(view(messaging({ "policy-enforcement": { action: "warning" } }))).toMatchObject({
      action: "warning",
      reason: null,
    });
    expect(viewOf("instagram.story_insights.expired")).toMatchObject({
      mediaId: "18366120945507713",
      counts: expect.arrayContaining([
        { name: "reach", count: 540 },
        { name: "replies", count: 7 },
      ]),
    });
  });

  it("return all other events unchanged", () => {
    expect(viewOf("page.send_cart.order")).toMatchObject({
      kind: "order",
      personId: "7281934650182736",
      value: { order: { note: "gift wrap" } },
    });
    expect(viewOf("user.email.string_value")).toMatchObject({
      kind: "change",
      value: { value: "new.address@example.com" },
    });
    expect(viewOf("instagram.comments.changed_fields")).toMatchObject({ kind: "changed_fields", value: "comments" });
  });
});

import { describe, expect, test } from "vitest";
import { handleRequest } from "../../../src/simulator/http/request-router.ts";
import { PAGE, peopledWorld, STUDIO, writeMessage, type PeopledWorld } from "../world.ts";
import type { World } from "../world.ts";

const HOUR_MS = 3600 * 1000;
const PERSON = "7281934650182736";

async function conversation(platform: "instagram" | "page" = "instagram"): Promise<PeopledWorld> {
  const world = await peopledWorld();
  writeMessage(world, PERSON, platform);
  return world;
}

const send = (world: PeopledWorld, message: unknown, rest: object = {}, to = PERSON) =>
  world.graph("POST", `/v26.0/me/messages`, {
    token: world.studioToken,
    body: { recipient: { id: to }, message, ...rest },
  });

const sendAsPage = (world: PeopledWorld, message: unknown) =>
  world.graph("POST", `/v26.0/${PAGE}/messages`, {
    token: world.pageToken,
    body: { recipient: { id: PERSON }, messaging_type: "RESPONSE", message },
  });

describe("the bodies that Meta documents are taken", () => {
  const url = "https://cdn.example/a.png";
  const buttons = [{ type: "postback", title: "More", payload: "P2" }];
  const element = { title: "Title", subtitle: "Sub", image_url: url, buttons };
  const bodies: Record<string, unknown> = {
    text: { text: "hello" },
    "an image as an object under attachments": { attachments: { type: "image", payload: { url } } },
    "several images": {
      attachments: [
        { type: "image", payload: { url } },
        { type: "image", payload: { attachment_id: "1" } },
      ],
    },
    "a video": { attachment: { type: "video", payload: { url } } },
    "a heart": { attachment: { type: "like_heart" } },
    "a shared post": { attachment: { type: "MEDIA_SHARE", payload: { id: "1" } } },
    "quick replies": { text: "?", quick_replies: [{ content_type: "text", title: "Yes", payload: "P1" }] },
    "a generic template": {
      attachment: { type: "template", payload: { template_type: "generic", elements: [element] } },
    },
    "a button template": { attachment: { type: "template", payload: { template_type: "button", text: "?", buttons } } },
  };
  for (const [name, message] of Object.entries(bodies)) {
    test(name, async () => {
      const world = await conversation();
      expect(await send(world, message)).toMatchObject({ status: 200, body: { recipient_id: PERSON } });
    });
  }

  test("a sticker of a Page", async () => {
    const world = await conversation("page");
    expect((await sendAsPage(world, { sticker_id: "369239263222822" })).status).toBe(200);
  });

  test("the body as a form, with JSON in its fields", async () => {
    const world = await conversation();
    const form = {
      recipient: JSON.stringify({ id: PERSON }),
      message: JSON.stringify({ text: "hi" }),
      access_token: world.studioToken,
    };
    expect((await world.graph("POST", "/v26.0/me/messages", { form })).status).toBe(200);
  });

  test("the body as multipart, with a file in the place of an address", async () => {
    const world = await conversation();
    const body = new FormData();
    body.set("recipient", JSON.stringify({ id: PERSON }));
    body.set("message", JSON.stringify({ attachment: { type: "image", payload: { is_reusable: true } } }));
    body.set("filedata", new Blob(["x"], { type: "image/png" }), "a.png");
    const post = () =>
      handleRequest(
        world.simulator,
        new Request(`https://meta.test/v26.0/me/messages?access_token=${world.studioToken}`, { method: "POST", body }),
      );
    expect(await (await post()).json()).toMatchObject({ recipient_id: PERSON });
    body.delete("filedata");
    expect((await post()).status).toBe(400);
  });

  test("typing, and a reaction to a message", async () => {
    const world = await conversation();
    const act = (body: object) =>
      world.graph("POST", "/v26.0/me/messages", {
        token: world.studioToken,
        body: { recipient: { id: PERSON }, ...body },
      });
    expect((await act({ sender_action: "typing_on" })).body).toEqual({ recipient_id: PERSON });
    expect((await act({ sender_action: "react", payload: { message_id: "m", reaction: "love" } })).status).toBe(200);
    expect((await act({ sender_action: "react" })).body.error?.code).toBe(100);
    expect((await act({ sender_action: "dance" })).body.error?.code).toBe(100);
  });
});

describe("what is over Meta's limits is refused", () => {
  const button = { type: "postback", title: "More", payload: "P" };
  const bodies: Record<string, unknown> = {
    "no message at all": undefined,
    "an empty message": {},
    "1001 bytes of text": { text: "x".repeat(1001) },
    "501 two-byte characters": { text: "ä".repeat(501) },
    "14 quick replies": {
      text: "?",
      quick_replies: Array.from({ length: 14 }, () => ({ content_type: "text", title: "Yes", payload: "P" })),
    },
    "11 elements": {
      attachment: {
        type: "template",
        payload: { template_type: "generic", elements: Array.from({ length: 11 }, () => ({ title: "t" })) },
      },
    },
    "a title of 81 characters": {
      attachment: { type: "template", payload: { template_type: "generic", elements: [{ title: "t".repeat(81) }] } },
    },
    "four buttons": {
      attachment: {
        type: "template",
        payload: { template_type: "button", text: "?", buttons: [button, button, button, button] },
      },
    },
    "an image without an address": { attachment: { type: "image", payload: {} } },
    "an image at no web address": { attachment: { type: "image", payload: { url: "httpfoo" } } },
    "an image in a local file": { attachment: { type: "image", payload: { url: "file:///a.png" } } },
    "a template that there is not": {
      attachment: { type: "template", payload: { template_type: "poem", text: "?" } },
    },
    "a template without a type": { attachment: { type: "template", payload: { text: "?" } } },
    "a Page's template on Instagram": { attachment: { type: "template", payload: { template_type: "receipt" } } },
    "a text and an attachment at once": { text: "x", attachment: { type: "like_heart" } },
    "quick replies that are none": { text: "?", quick_replies: [1, {}] },
    "a quick reply of a kind that there is not": { text: "?", quick_replies: [{ content_type: "location" }] },
    "a quick reply without a payload": { text: "?", quick_replies: [{ content_type: "text", title: "Yes" }] },
    "a quick reply with a payload of 1001 characters": {
      text: "?",
      quick_replies: [{ content_type: "text", title: "Yes", payload: "P".repeat(1001) }],
    },
    "a quick reply that asks for the email address, on Instagram": {
      text: "?",
      quick_replies: [{ content_type: "user_email" }],
    },
    "641 characters of text above buttons": {
      attachment: {
        type: "template",
        payload: { template_type: "button", text: "x".repeat(641), buttons: [button] },
      },
    },
    "a button whose title has 21 characters": {
      attachment: {
        type: "template",
        payload: { template_type: "button", text: "?", buttons: [{ ...button, title: "x".repeat(21) }] },
      },
    },
    "a sticker, on Instagram": { sticker_id: "369239263222822" },
    "a button template without buttons": {
      attachment: { type: "template", payload: { template_type: "button", text: "?", buttons: [] } },
    },
    "an unknown type": { attachment: { type: "hologram", payload: {} } },
    "11 images": {
      attachments: Array.from({ length: 11 }, () => ({ type: "image", payload: { url: "https://a.example" } })),
    },
  };
  for (const [name, message] of Object.entries(bodies)) {
    test(name, async () => {
      const world = await conversation();
      const { status, body } = await send(world, message);
      expect(status).toBe(400);
      expect(body.error?.code).toBe(100);
      expect(world.simulator.graph.sent.size).toBe(0);
    });
  }

  test("1000 bytes of text are taken: bytes count on Instagram, characters on a Page", async () => {
    const world = await conversation();
    expect((await send(world, { text: "ä".repeat(500) })).status).toBe(200);
    const page = await conversation("page");
    expect((await sendAsPage(page, { text: "ä".repeat(2000) })).status).toBe(200);
    expect((await sendAsPage(page, { text: "ä".repeat(2001) })).status).toBe(400);
  });

  test("a Page may ask for the email address, and a long title is cut", async () => {
    const page = await conversation("page");
    const asking = { text: "?", quick_replies: [{ content_type: "user_email" }] };
    expect((await sendAsPage(page, asking)).status).toBe(200);
    const world = await conversation();
    const titled = { content_type: "text", title: "t".repeat(40), payload: "P".repeat(1000) };
    expect((await send(world, { text: "?", quick_replies: [titled] })).status).toBe(200);
  });

  test("a messaging type that there is not, and one for tags without a tag", async () => {
    const world = await conversation();
    for (const messaging_type of ["GREETING", "MESSAGE_TAG"]) {
      expect((await send(world, { text: "x" }, { messaging_type })).body.error?.code).toBe(100);
    }
    expect((await send(world, { text: "x" }, { messaging_type: "UPDATE" })).status).toBe(200);
  });

  test("a retired message tag", async () => {
    const world = await conversation();
    const refused = await send(world, { text: "x" }, { messaging_type: "MESSAGE_TAG", tag: "ACCOUNT_UPDATE" });
    expect(refused.body.error?.code).toBe(100);
  });
});

describe("the 24-hour window", () => {
  test("is open until 24 hours after the person's last message", async () => {
    const world = await conversation();
    await world.control("POST", "/clock", { advanceSeconds: (24 * HOUR_MS - 1) / 1000 });
    expect((await send(world, { text: "x" })).status).toBe(200);
    await world.control("POST", "/clock", { advanceSeconds: 0.001 });
    expect((await send(world, { text: "x" })).body.error).toMatchObject({ code: 10, error_subcode: 2534022 });
    writeMessage(world, PERSON);
    expect((await send(world, { text: "x" })).status).toBe(200);
  });

  test.each<[string, Record<string, unknown>[]]>([
    ["the message has the ad", [{ message: { mid: "m1", text: "hi", referral: { source: "ADS", ad_id: "1" } } }]],
    [
      "the click came before the message",
      [{ referral: { source: "ADS", ad_id: "1" } }, { message: { mid: "m1", text: "hi" } }],
    ],
  ])("is open for seven days after an ad: %s", async (_, items) => {
    const world = await peopledWorld();
    for (const item of items) writeMessage(world, PERSON, "instagram", item);
    await world.control("POST", "/clock", { advanceSeconds: (7 * 24 * HOUR_MS - 1) / 1000 });
    expect((await send(world, { text: "x" })).status).toBe(200);
    await world.control("POST", "/clock", { advanceSeconds: 0.001 });
    expect((await send(world, { text: "x" })).body.error).toMatchObject({ code: 10, error_subcode: 2534022 });
  });

  test("is 24 hours for a link that is not an ad, and for a click without a message", async () => {
    const world = await peopledWorld();
    writeMessage(world, PERSON, "instagram", {
      message: { mid: "m1", text: "hi", referral: { source: "SHORTLINK", ref: "x" } },
    });
    writeMessage(world, "999", "instagram", { referral: { source: "ADS", ad_id: "1" } });
    await world.control("POST", "/clock", { advanceSeconds: 24 * 3600 });
    for (const person of [PERSON, "999"]) expect((await send(world, { text: "x" }, {}, person)).status).toBe(400);
  });

  test("has another code on a Page", async () => {
    const world = await conversation("page");
    await world.control("POST", "/clock", { advanceSeconds: 24 * 3600 });
    expect((await sendAsPage(world, { text: "x" })).body.error).toMatchObject({ code: 10, error_subcode: 2018278 });
  });

  test("is seven days for HUMAN_AGENT, where the app has that feature", async () => {
    const world = await conversation();
    await world.control("POST", "/clock", { advanceSeconds: 6 * 24 * 3600 });
    const tagged = () => send(world, { text: "x" }, { messaging_type: "MESSAGE_TAG", tag: "HUMAN_AGENT" });
    expect((await tagged()).status).toBe(400);
    await world.control("PUT", "/settings", { rules: { humanAgent: true } });
    expect((await tagged()).status).toBe(200);
  });
});

describe("people who get no message", () => {
  test("a person who never wrote to the account", async () => {
    const world = await conversation();
    expect((await send(world, { text: "x" }, {}, "42")).body.error).toMatchObject({
      code: 100,
      error_subcode: 2534014,
    });
  });

  test("a person who blocked the account", async () => {
    const world = await conversation();
    await world.control("PUT", "/conversations", { accountId: STUDIO, personId: PERSON, unavailable: true });
    expect((await send(world, { text: "x" })).body.error).toMatchObject({ code: 551 });
  });

  test("a person whose thread another app has, until it is taken back", async () => {
    const world = await conversation();
    await world.control("PUT", "/conversations", { accountId: STUDIO, personId: PERSON, ownerAppId: "99" });
    expect((await send(world, { text: "x" })).body.error).toMatchObject({ code: 100, error_subcode: 2534037 });
    const take = { token: world.studioToken, body: { recipient: { id: PERSON } } };
    expect((await world.graph("POST", `/v26.0/${STUDIO}/take_thread_control`, take)).body).toEqual({ success: true });
    // A form carries the recipient as JSON text.
    const form = { recipient: JSON.stringify({ id: PERSON }), target_app_id: "99" };
    const pass = { token: world.studioToken, form };
    expect((await world.graph("POST", `/v26.0/${STUDIO}/pass_thread_control`, pass)).body).toEqual({ success: true });
    expect((await send(world, { text: "x" })).status).toBe(400);
    await world.graph("POST", `/v26.0/${STUDIO}/take_thread_control`, take);
    expect((await send(world, { text: "x" })).status).toBe(200);
  });

  test("anybody, when the owner has switched message access off", async () => {
    const world = await conversation();
    await world.control("PUT", `/accounts/${STUDIO}`, { messageAccess: false });
    expect((await send(world, { text: "x" })).body.error).toMatchObject({ code: 200, error_subcode: 2534041 });
  });
});

test("100 messages a second are taken, and ten with audio or video", async () => {
  const world = await conversation();
  for (let index = 0; index < 100; index += 1) expect((await send(world, { text: "x" })).status).toBe(200);
  expect((await send(world, { text: "x" })).body.error).toMatchObject({ code: 613, error_subcode: 2534040 });
  await world.advance(1000);
  const video = { attachment: { type: "video", payload: { url: "https://a.example/v.mp4" } } };
  for (let index = 0; index < 10; index += 1) expect((await send(world, video)).status).toBe(200);
  expect((await send(world, video)).body.error?.code).toBe(4);
  expect((await send(world, { text: "x" })).status).toBe(200);
});

test("every response about an account has usage headers, and never the simulator's own header", async () => {
  const world: World & { studioToken: string } = await conversation();
  const { headers } = await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  expect(JSON.parse(headers.get("x-app-usage") ?? "")).toHaveProperty("call_count");
  expect(JSON.parse(headers.get("x-business-use-case-usage") ?? "")).toHaveProperty(STUDIO);
  expect(headers.get("x-simulator-regain-ms")).toBeNull();
});

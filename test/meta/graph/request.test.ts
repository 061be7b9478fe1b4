import { describe, expect, it } from "vitest";
import type { Result } from "../../../src/core/result.ts";
import * as request from "../../../src/meta/graph/request.ts";

const HOSTS: request.GraphHosts = {
  instagramUrl: "https://graph.instagram.com",
  facebookUrl: "https://graph.facebook.com",
  version: "v26.0",
};
const IG_ID = "17841400000000000";
const PAGE_ID = "100200300400500";
const COMMENT = "17900000000000001";

const IG_LOGIN: request.GraphAccount = { id: IG_ID, platform: "instagram", login: "instagram", sendAs: null };
const FB_LOGIN: request.GraphAccount = { id: IG_ID, platform: "instagram", login: "facebook", sendAs: PAGE_ID };
const PAGE: request.GraphAccount = { id: PAGE_ID, platform: "page", login: "facebook", sendAs: null };

function valueOf(call: Result<request.GraphCall, request.BadId>): request.GraphCall {
  if (!call.ok) throw new Error(call.error.reason);
  return call.value;
}

const send = (account: request.GraphAccount, reply: Partial<request.OutgoingReply>) =>
  valueOf(
    request.sendReply(HOSTS, account, {
      id: "reply-1",
      kind: "private_reply",
      to: { commentId: COMMENT },
      message: { text: "Hi" },
      ...reply,
    }),
  );

const bodyOf = (call: request.GraphCall): unknown => JSON.parse(call.body?.text ?? "null");
const formOf = (call: request.GraphCall) => Object.fromEntries(new URLSearchParams(call.body?.text));

describe("a private reply", () => {
  it.each([
    ["Instagram Login", IG_LOGIN, `https://graph.instagram.com/v26.0/${IG_ID}/messages`],
    ["Facebook Login", FB_LOGIN, `https://graph.facebook.com/v26.0/${PAGE_ID}/messages`],
    ["a Page", PAGE, `https://graph.facebook.com/v26.0/${PAGE_ID}/messages`],
  ])("%s: goes to the account's messages", (_, account, url) => {
    expect(send(account, {})).toMatchObject({ method: "POST", url });
  });

  it("names the comment and the text, and nothing else on Instagram", () => {
    expect(bodyOf(send(IG_LOGIN, {}))).toEqual({ recipient: { comment_id: COMMENT }, message: { text: "Hi" } });
    expect(bodyOf(send(FB_LOGIN, {}))).toEqual({ recipient: { comment_id: COMMENT }, message: { text: "Hi" } });
  });

  it("carries the reply's id on a Page, where the echo brings it back", () => {
    expect(bodyOf(send(PAGE, {}))).toEqual({
      recipient: { comment_id: COMMENT },
      message: { text: "Hi", metadata: "reply-1" },
    });
  });
});

describe("a message", () => {
  const message = { kind: "message", to: { recipientId: "999" } } as const;

  it("names the person", () => {
    expect(bodyOf(send(IG_LOGIN, message))).toEqual({ recipient: { id: "999" }, message: { text: "Hi" } });
  });

  it("is a response on Messenger, with the reply's id", () => {
    expect(bodyOf(send(PAGE, message))).toEqual({
      recipient: { id: "999" },
      messaging_type: "RESPONSE",
      message: { text: "Hi", metadata: "reply-1" },
    });
  });

  it("sends a sticker by its id, without an attachment", () => {
    const attachment = { type: "sticker", payload: { sticker_id: "369239263222822" } };
    const sticker = { to: { recipientId: "1045872930164827" }, kind: "message" as const, message: { attachment } };
    const call = valueOf(request.sendReply(HOSTS, PAGE, { id: "r_1", ...sticker }));
    expect(JSON.parse(call.body?.text ?? "")).toMatchObject({ message: { sticker_id: "369239263222822" } });
    expect(call.body?.text).not.toContain("attachment");
  });

  it("keeps attachments and quick replies unchanged", () => {
    const content = {
      attachment: { type: "image", payload: { url: "https://example.com/a.png" } },
      quick_replies: [{ content_type: "text", title: "Yes", payload: "P1" }],
    };
    expect(bodyOf(send(IG_LOGIN, { ...message, message: content }))).toMatchObject({ message: content });
  });
});

describe("a public reply", () => {
  const reply = { kind: "public_reply", message: { text: "Sent & done? 100%" } } as const;

  it("goes to the comment's replies, and its text stays out of the URL", () => {
    const call = send(IG_LOGIN, reply);
    expect(call.url).toBe(`https://graph.instagram.com/v26.0/${COMMENT}/replies`);
    expect(formOf(call)).toEqual({ message: "Sent & done? 100%" });
  });

  it("goes to the comment's comments on Facebook", () => {
    expect(send(PAGE, { ...reply, to: { commentId: "1_2" } }).url).toBe(
      "https://graph.facebook.com/v26.0/1_2/comments",
    );
  });

  it.each([IG_LOGIN, FB_LOGIN, PAGE])("never asks for fields, which would create it and fail: %j", (account) => {
    const call = send(account, reply);
    expect(`${call.url} ${call.body?.text}`).not.toContain("fields");
  });

  it("needs a comment", () => {
    expect(
      request.sendReply(HOSTS, IG_LOGIN, { id: "r", kind: "public_reply", to: { recipientId: "1" }, message: {} }),
    ).toMatchObject({ ok: false, error: { reason: "bad_id" } });
  });
});

describe("ids in a path", () => {
  it.each([
    "",
    "undefined",
    "null",
    "NaN",
    "[object Object]",
    "1/2",
    "../1",
    "1?x=2",
    "1#",
    "%2e1",
    "1 2",
    "1".repeat(201),
  ])("%j is none", (id) => {
    expect(request.readComment(HOSTS, IG_LOGIN, id)).toEqual({ ok: false, error: { reason: "bad_id", id } });
    expect(request.listSubscriptions(HOSTS, { ...IG_LOGIN, id })).toMatchObject({ ok: false });
    expect(
      request.sendReply(
        HOSTS,
        { ...FB_LOGIN, sendAs: id },
        {
          id: "r",
          kind: "message",
          to: { recipientId: "1" },
          message: {},
        },
      ),
    ).toMatchObject({ ok: false });
  });

  it.each(["17900000000000001", "100_200", "pfbid02abc-D"])("%j is one", (id) => {
    expect(request.readMedia(HOSTS, PAGE, id).ok).toBe(true);
  });
});

describe("reading", () => {
  const urlOf = (call: Result<request.GraphCall, request.BadId>) => decodeURIComponent(valueOf(call).url);

  it("asks a comment for its text, its parent and its media", () => {
    expect(urlOf(request.readComment(HOSTS, IG_LOGIN, COMMENT))).toBe(
      `https://graph.instagram.com/v26.0/${COMMENT}?fields=id,text,hidden,from,username,timestamp,media{id,media_product_type},parent_id`,
    );
    expect(urlOf(request.readComment(HOSTS, PAGE, "1_2"))).toContain("fields=id,message,is_hidden");
  });

  it("asks a comment for its media only", () => {
    expect(urlOf(request.readCommentMedia(HOSTS, IG_LOGIN, COMMENT))).toBe(
      `https://graph.instagram.com/v26.0/${COMMENT}?fields=media{id}`,
    );
  });

  it("asks for the URL of a medium", () => {
    expect(urlOf(request.readMedia(HOSTS, IG_LOGIN, "18"))).toBe(
      "https://graph.instagram.com/v26.0/18?fields=id,permalink",
    );
    expect(urlOf(request.readMedia(HOSTS, PAGE, "1_8"))).toContain("permalink_url");
  });

  it("reads the media of an Instagram account under its own id, with any login", () => {
    expect(urlOf(request.recentMedia(HOSTS, FB_LOGIN, 10))).toBe(
      `https://graph.facebook.com/v26.0/${IG_ID}/media?fields=id,timestamp,comments_count&limit=10`,
    );
    expect(urlOf(request.recentMedia(HOSTS, PAGE, 5))).toContain(`/${PAGE_ID}/feed?`);
  });

  it("pages through the comments of a medium", () => {
    const url = new URL(valueOf(request.mediaComments(HOSTS, IG_LOGIN, "18", 50, "QVFI==")).url);
    expect(url.pathname).toBe("/v26.0/18/comments");
    expect(url.searchParams.get("after")).toBe("QVFI==");
    expect(url.searchParams.get("limit")).toBe("50");
    expect(valueOf(request.mediaComments(HOSTS, IG_LOGIN, "18", 50, null)).url).not.toContain("after");
  });

  it.each([
    [IG_LOGIN, "graph.instagram.com", IG_ID, "instagram"],
    [FB_LOGIN, "graph.facebook.com", PAGE_ID, "instagram"],
    [PAGE, "graph.facebook.com", PAGE_ID, "messenger"],
  ])("pages through the conversations: %j", (account, host, id, platform) => {
    const url = new URL(valueOf(request.conversations(HOSTS, account, 20, "QVFI==")).url);
    expect([url.host, url.pathname]).toEqual([host, `/v26.0/${id}/conversations`]);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      platform,
      fields: "id,updated_time,messages.limit(10){id,created_time,from,to,message,attachments}",
      limit: "20",
      after: "QVFI==",
    });
    expect(valueOf(request.conversations(HOSTS, account, 20, null)).url).not.toContain("after");
  });

  it("deletes a comment by its id alone", () => {
    const url = "https://graph.facebook.com/v26.0/123_456";
    expect(valueOf(request.deleteComment(HOSTS, PAGE, "123_456"))).toEqual({ method: "DELETE", url, body: null });
    expect(request.deleteComment(HOSTS, PAGE, "")).toMatchObject({ ok: false });
  });

  it("asks who the token belongs to", () => {
    expect(urlOf(request.readMe(HOSTS, IG_LOGIN))).toBe("https://graph.instagram.com/v26.0/me?fields=user_id,username");
  });
});

describe("the subscription of an account", () => {
  it.each([
    [IG_LOGIN, `https://graph.instagram.com/v26.0/${IG_ID}/subscribed_apps`],
    [FB_LOGIN, `https://graph.facebook.com/v26.0/${PAGE_ID}/subscribed_apps`],
    [PAGE, `https://graph.facebook.com/v26.0/${PAGE_ID}/subscribed_apps`],
  ])("is read, made and removed in one place: %j", (account, url) => {
    expect(valueOf(request.listSubscriptions(HOSTS, account))).toEqual({ method: "GET", url, body: null });
    expect(valueOf(request.unsubscribe(HOSTS, account))).toEqual({ method: "DELETE", url, body: null });
    const made = valueOf(request.subscribe(HOSTS, account, ["comments", "messages"]));
    expect(made).toMatchObject({ method: "POST", url });
    expect(formOf(made)).toEqual({ subscribed_fields: "comments,messages" });
  });
});

import { describe, expect, it } from "vitest";
import { echoField, neededFields } from "../../../src/engine/doctor/needed-fields.ts";
import { scopesOf } from "../../../src/meta/oauth/permissions.ts";

describe("the fields that automations need", () => {
  const waiting = (on: Parameters<typeof neededFields>[2][number]["trigger"]["on"], enabled = true) => ({
    id: on,
    name: on,
    enabled,
    trigger: { on, keywords: [], match: "any" as const, mediaIds: [] },
    actions: {},
  });

  it("depend on login and platform, and leave out disabled automations", () => {
    const all = [waiting("comment"), waiting("mention"), waiting("story_reply"), waiting("postback", false)];
    expect(neededFields("instagram", "instagram", all)).toEqual({ fields: ["comments", "messages"], impossible: [] });
    expect(neededFields("facebook", "instagram", all).fields).toEqual(["comments", "mentions", "messages"]);
    expect(neededFields("facebook", "page", all)).toEqual({ fields: ["feed", "mention"], impossible: ["story_reply"] });
  });
});

describe("the field that brings echoes", () => {
  it("is a separate field with Instagram Login and on a Page, and messages for Instagram with Facebook Login", () => {
    expect(echoField("instagram", "instagram", null)).toBe("message_echoes");
    expect(echoField("facebook", "page", null)).toBe("message_echoes");
    expect(echoField("facebook", "instagram", null)).toBe("messages");
  });

  it("is none if the known permissions do not allow it", () => {
    expect(echoField("instagram", "instagram", scopesOf("instagram"))).toBe("message_echoes");
    expect(echoField("facebook", "instagram", scopesOf("facebook"))).toBe("messages");
    const commentsOnly = ["instagram_business_basic", "instagram_business_manage_comments"];
    expect(echoField("instagram", "instagram", commentsOnly)).toBeNull();
    expect(echoField("facebook", "instagram", commentsOnly)).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { neededFields } from "../../../src/engine/doctor/needed-fields.ts";

describe("the fields that automations need", () => {
  const waiting = (on: Parameters<typeof neededFields>[2][number]["trigger"]["on"], enabled = true) => ({
    id: on,
    name: on,
    enabled,
    trigger: { on, keywords: [], match: "any" as const, mediaIds: [] },
    actions: {},
  });

  it("depend on login and platform, and leave out what is switched off", () => {
    const all = [waiting("comment"), waiting("mention"), waiting("story_reply"), waiting("postback", false)];
    expect(neededFields("instagram", "instagram", all)).toEqual({ fields: ["comments", "messages"], impossible: [] });
    expect(neededFields("facebook", "instagram", all).fields).toEqual(["comments", "mentions", "messages"]);
    expect(neededFields("facebook", "page", all)).toEqual({ fields: ["feed", "mention"], impossible: ["story_reply"] });
  });
});

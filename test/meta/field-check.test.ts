import { describe, expect, it } from "vitest";
import { checkFields } from "../../src/meta/field-check.ts";
import { WEBHOOK_FIELDS } from "../../src/meta/fields.ts";
import type { Login, Platform } from "../../src/meta/graph/request.ts";

function useInstead(login: Login, platform: Platform, field: string): { use: string | null; message: string } {
  const result = checkFields(login, platform, [field]);
  if (result.ok || result.error.reason !== "bad_fields") throw new Error(`"${field}" was not refused by name`);
  const [bad] = result.error.fields;
  if (bad === undefined) throw new Error("no field is named");
  return bad;
}

describe("fields that can be subscribed to", () => {
  it("are all fields of the setup, each once, in order", () => {
    expect(checkFields("instagram", "instagram", ["messages", "comments", "messages"])).toEqual({
      ok: true,
      value: ["messages", "comments"],
    });
  });

  it.each([
    ["instagram", "instagram", "instagram_login"],
    ["facebook", "page", "page"],
  ] as const)("with %s Login for %s are all of %s", (login, platform, setup) => {
    const rows = WEBHOOK_FIELDS.filter((row) => row.setup === setup && row.includedIn === null);
    const names = rows.map((row) => row.field);
    expect(checkFields(login, platform, names)).toEqual({ ok: true, value: names });
  });

  it("of a linked Page are any fields of the Page", () => {
    expect(checkFields("facebook", "instagram", ["feed", "messages", "website"]).ok).toBe(true);
  });
});

describe("a field that cannot be", () => {
  it.each([
    // Included in another
    ["instagram", "instagram", "mentions", "comments"],
    // The other object's name
    ["instagram", "instagram", "feed", "comments"],
    ["instagram", "instagram", "mention", "comments"],
    ["instagram", "instagram", "message_edits", "message_edit"],
    ["instagram", "instagram", "message_reads", "messaging_seen"],
    ["facebook", "page", "comments", "feed"],
    ["facebook", "page", "message_edit", "message_edits"],
    ["facebook", "page", "messaging_handover", "messaging_handovers"],
    ["facebook", "page", "messaging_referral", "messaging_referrals"],
    ["facebook", "page", "messaging_seen", "message_reads"],
    ["facebook", "page", "mentions", "mention"],
    // Typing mistakes
    ["instagram", "instagram", "coments", "comments"],
    ["instagram", "instagram", "Live Comments", "live_comments"],
    ["facebook", "page", "message-echoes", "message_echoes"],
    // Instagram's own fields with Facebook Login
    ["facebook", "instagram", "comments", "feed"],
    ["facebook", "instagram", "story_insights", "feed"],
  ] as const)("with %s Login for %s: %s becomes %s", (login, platform, field, use) => {
    const bad = useInstead(login, platform, field);
    expect(bad.use).toBe(use);
    expect(bad.message).toContain(`"${use}"`);
  });

  it.each([
    ["instagram", "instagram", "story_insights", "Facebook Login"],
    ["instagram", "instagram", "response_feedback", "Messenger Platform"],
    ["facebook", "page", "live_comments", "Instagram only"],
    ["instagram", "instagram", "whatever", "Available fields: comments"],
    ["facebook", "page", "x".repeat(100_000), "Available fields: feed"],
  ] as const)(
    "with %s Login for %s: %.20s is nothing, and the message says what there is",
    (login, platform, field, says) => {
      const bad = useInstead(login, platform, field);
      expect(bad.use).toBeNull();
      expect(bad.message).toContain(says);
    },
  );

  it("is reported with the app-wide setting if it is Instagram's and the login is Facebook's", () => {
    expect(useInstead("facebook", "instagram", "comments").message).toContain("App Dashboard");
  });

  it("is reported together with all other invalid fields, also if some fields are valid", () => {
    const result = checkFields("instagram", "instagram", ["comments", "mentions", "nonsense"]);
    expect(!result.ok && result.error.reason === "bad_fields" && result.error.fields.map(({ field }) => field)).toEqual(
      ["mentions", "nonsense"],
    );
  });

  it("is an empty list", () => {
    expect(checkFields("instagram", "instagram", [])).toMatchObject({ ok: false, error: { reason: "no_fields" } });
  });

  it("is any field of a Page with Instagram Login", () => {
    expect(checkFields("instagram", "page", ["feed"])).toMatchObject({ ok: false, error: { reason: "wrong_login" } });
  });
});

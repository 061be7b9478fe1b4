import { describe, expect, it } from "vitest";
import { fieldsOf, isOtherPageField, SETUPS, WEBHOOK_FIELDS } from "../../src/meta/fields.ts";

const namesOf = (setup: (typeof SETUPS)[number]) => fieldsOf(setup).map((row) => row.field);
const rowOf = (setup: (typeof SETUPS)[number], field: string) =>
  fieldsOf(setup).find((candidate) => candidate.field === field);

describe("the table of webhook fields", () => {
  it("has each field once per setup", () => {
    for (const setup of SETUPS) expect(new Set(namesOf(setup)).size, setup).toBe(namesOf(setup).length);
  });

  it("has permissions for every field that can be subscribed to, and the including field for all others", () => {
    for (const row of WEBHOOK_FIELDS) {
      expect(row.permissions.length > 0, `${row.setup} ${row.field}`).toBe(row.includedIn === null);
      if (row.includedIn !== null) expect(namesOf(row.setup)).toContain(row.includedIn);
    }
  });

  // Meta's table, "Subscribe to webhook fields": set-ups in which a field can be chosen.
  it.each([
    ["comments", ["instagram_login", "facebook_login"]],
    ["live_comments", ["instagram_login", "facebook_login"]],
    ["mentions", ["facebook_login"]],
    ["message_echoes", ["instagram_login"]],
    ["message_reactions", ["instagram_login", "messenger_instagram"]],
    ["messages", ["instagram_login", "messenger_instagram"]],
    ["messaging_handover", ["instagram_login", "messenger_instagram"]],
    ["messaging_optins", ["instagram_login"]],
    ["messaging_policy_enforcement", ["messenger_instagram"]],
    ["messaging_postbacks", ["instagram_login", "messenger_instagram"]],
    ["messaging_referral", ["instagram_login", "messenger_instagram"]],
    ["messaging_seen", ["instagram_login", "messenger_instagram"]],
    ["response_feedback", ["messenger_instagram"]],
    ["standby", ["instagram_login", "messenger_instagram"]],
    ["story_insights", ["facebook_login"]],
  ] as const)("%s of Instagram can be chosen in %j", (field, setups) => {
    const rows = WEBHOOK_FIELDS.filter((row) => row.object === "instagram" && row.field === field);
    expect(rows.filter((row) => row.includedIn === null).map((row) => row.setup)).toEqual(setups);
  });

  it.each([
    ["instagram_login", "comments", "instagram_business_manage_comments"],
    ["instagram_login", "messages", "instagram_business_manage_messages"],
    ["facebook_login", "mentions", "instagram_manage_comments"],
    ["facebook_login", "story_insights", "instagram_manage_insights"],
    ["messenger_instagram", "messages", "instagram_manage_messages"],
    ["page", "messages", "pages_messaging"],
    ["page", "leadgen", "leads_retrieval"],
    ["user", "photos", "user_photos"],
  ] as const)("%s: %s takes %s", (setup, field, permission) => {
    expect(rowOf(setup, field)?.permissions).toContain(permission);
  });

  it.each([
    ["instagram_login", "mentions", "comments"],
    ["messenger_instagram", "message_echoes", "messages"],
  ] as const)("%s: %s comes with %s", (setup, field, includedIn) => {
    expect(rowOf(setup, field)).toMatchObject({ includedIn, permissions: [] });
  });

  it("lists the Page's unused fields separately", () => {
    expect(isOtherPageField("website")).toBe(true);
    expect(isOtherPageField("marketing_message_reads")).toBe(true);
    expect(isOtherPageField("story_share")).toBe(true);
    expect(namesOf("page").filter(isOtherPageField)).toEqual([]);
    expect(isOtherPageField("")).toBe(false);
  });
});

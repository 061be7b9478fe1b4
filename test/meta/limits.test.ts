import { describe, expect, it } from "vitest";
import { RATE_LIMITS } from "../../src/core/reply/reply.ts";
import { rateLimitRules } from "../../src/core/reply/pacing.ts";
import { DEFAULT_SETTINGS } from "../../src/core/settings.ts";
import { META_RATE_LIMITS, rateLimitOf, textLimitOf, windowCloses } from "../../src/meta/limits.ts";

const NOW = Date.UTC(2026, 10, 22);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("Meta's windows", () => {
  it.each([
    ["private_reply", "private", 7 * 24 * HOUR],
    ["private_reply", "live", 4 * HOUR],
    ["message", "message", 24 * HOUR],
    ["message", "media", 24 * HOUR],
    ["public_reply", "public", 7 * 24 * HOUR],
  ] as const)("%s under the rate limit %s closes a minute before Meta's own time", (kind, rateLimit, windowMs) => {
    expect(windowCloses(kind, rateLimit, NOW)).toBe(NOW + windowMs - MINUTE);
  });
});

describe("the limit that a reply counts against", () => {
  it.each([
    ["private_reply", false, { text: "Hi" }, "private"],
    ["private_reply", true, { text: "Hi" }, "live"],
    ["public_reply", false, { text: "Hi" }, "public"],
    ["message", false, { text: "Hi" }, "message"],
    ["message", false, { attachment: { type: "image" } }, "message"],
    ["message", false, { attachment: { type: "video" } }, "media"],
    ["message", false, { attachment: { type: "audio" } }, "media"],
  ] as const)("%s, live %s, %j: %s", (kind, live, message, rateLimit) => {
    expect(rateLimitOf(kind, live, message)).toBe(rateLimit);
  });

  it.each([
    ["private", 750, HOUR],
    ["live", 100, 1_000],
    ["message", 100, 1_000],
    ["media", 10, 1_000],
  ] as const)("%s: %i calls in %i ms", (rateLimit, calls, windowMs) => {
    expect(META_RATE_LIMITS[rateLimit]).toMatchObject({ calls, windowMs });
  });
});

describe("the pace that an account has by default", () => {
  it.each(RATE_LIMITS)("keeps rate limit %s within Meta's limit, over no shorter a window", (rateLimit) => {
    const rule = rateLimitRules(DEFAULT_SETTINGS.pacing)[rateLimit];
    expect(rule.limit).toBeLessThanOrEqual(META_RATE_LIMITS[rateLimit].calls);
    expect(rule.windowMs).toBeGreaterThanOrEqual(META_RATE_LIMITS[rateLimit].windowMs);
  });
});

describe("the length of a text", () => {
  it("is counted in bytes for Instagram messages, in characters elsewhere", () => {
    expect(textLimitOf("private_reply", "instagram")).toEqual({ max: 1000, unit: "bytes" });
    expect(textLimitOf("message", "page")).toEqual({ max: 2000, unit: "characters" });
    expect(textLimitOf("public_reply", "instagram")).toEqual({ max: 2200, unit: "characters" });
  });
});

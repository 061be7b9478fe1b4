import { describe, expect, it } from "vitest";
import {
  newToken,
  nextTokenTask,
  tokenWarning,
  wantsTokenFacts,
  type TokenRecord,
} from "../../../../src/engine/account/connection/token-schedule.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MADE = Date.UTC(2026, 10, 1);

/** An Instagram token after a login: issued now, valid for 60 days, accepted by Meta. */
const fresh = (more: Partial<TokenRecord> = {}): TokenRecord => ({
  ...newToken(MADE, { issuedAt: MADE, tokenExpiresAt: MADE + 60 * DAY, scopes: [] }),
  ...more,
});

/** `["refresh", 50]`: refreshed 50 days after MADE. */
const next = (login: "instagram" | "facebook", token: TokenRecord): [string, number] => {
  const task = nextTokenTask(login, token);
  return [task.do, (task.at - MADE) / DAY];
};

describe("an Instagram token", () => {
  it("is checked once a day before day 50", () => {
    expect(next("instagram", fresh())).toEqual(["check", 1]);
    expect(next("instagram", fresh({ checkedAt: MADE + 30 * DAY }))).toEqual(["check", 31]);
  });

  it("is refreshed on day 50, when the daily check would come", () => {
    expect(next("instagram", fresh({ checkedAt: MADE + 48.5 * DAY }))).toEqual(["check", 49.5]);
    expect(next("instagram", fresh({ checkedAt: MADE + 49.5 * DAY }))).toEqual(["refresh", 50]);
  });

  it("is tried again a day after Meta refused, and an hour without a response", () => {
    const seen = { checkedAt: MADE + 49.5 * DAY };
    expect(next("instagram", fresh({ ...seen, failedAt: MADE + 50 * DAY, refused: true }))).toEqual(["refresh", 51]);
    const silent = fresh({ ...seen, failedAt: MADE + 50 * DAY, refused: false });
    expect(nextTokenTask("instagram", silent)).toEqual({ do: "refresh", at: MADE + 50 * DAY + HOUR });
  });

  it("has ten daily attempts before it expires, and is only checked after that", () => {
    let token = fresh({ checkedAt: MADE + 49.5 * DAY });
    const tries: number[] = [];
    for (
      let task = nextTokenTask("instagram", token);
      task.do === "refresh";
      task = nextTokenTask("instagram", token)
    ) {
      tries.push((task.at - MADE) / DAY);
      token = { ...token, failedAt: task.at, refused: true };
    }
    expect(tries).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
    expect(next("instagram", token)).toEqual(["check", 60]);
  });

  it("is never refreshed within its first day, even if it expires soon", () => {
    const short = fresh({ expiresAt: MADE + 2 * DAY, checkedAt: MADE + 0.5 * DAY });
    expect(next("instagram", short)).toEqual(["refresh", 1]);
  });

  it("that was pasted with its expiry is handled as valid for 60 days", () => {
    const old = newToken(MADE, { tokenExpiresAt: MADE + 5 * DAY });
    expect(nextTokenTask("instagram", old).do).toBe("refresh");
    expect(nextTokenTask("instagram", old).at).toBeLessThanOrEqual(MADE);
    const young = newToken(MADE, { tokenExpiresAt: MADE + 59.9 * DAY });
    expect(nextTokenTask("instagram", young)).toEqual({ do: "check", at: MADE + 600_000 });
  });

  it("that was pasted without an expiry is checked soon, and refreshed on the second day to learn it", () => {
    const pasted = newToken(MADE, {});
    expect(nextTokenTask("instagram", pasted)).toEqual({ do: "check", at: MADE + 600_000 });
    expect(next("instagram", { ...pasted, checkedAt: MADE + 600_000 })).toEqual(["refresh", 1]);
  });
});

describe("a Page's token", () => {
  it("is checked once a day, and never refreshed", () => {
    const token = newToken(MADE, { issuedAt: MADE });
    expect(next("facebook", token)).toEqual(["check", 1]);
    expect(next("facebook", { ...token, expiresAt: MADE + 3 * DAY, checkedAt: MADE + 2 * DAY })).toEqual(["check", 3]);
    expect(next("facebook", { ...token, failedAt: MADE + 2 * DAY, refused: true })).toEqual(["check", 3]);
  });
});

describe("the warning", () => {
  it.each([
    ["null without a problem", fresh(), 40, null],
    ["null the day before the last week", fresh(), 52, null],
    ["expires_soon within its last seven days", fresh(), 53, "expires_soon"],
    ["expired after its expiry", fresh(), 60, "expired"],
    ["refused after Meta refused it", fresh({ failedAt: MADE, refused: true }), 3, "refused"],
    ["null when Meta did not respond", fresh({ failedAt: MADE, refused: false }), 3, null],
    ["wrong_account for another account's token", fresh({ belongsTo: "1784" }), 3, "wrong_account"],
    ["null for a token without an expiry", fresh({ expiresAt: null }), 300, null],
    ["null while data access lasts", fresh({ expiresAt: null, dataAccessExpiresAt: MADE + 90 * DAY }), 75, null],
    [
      "data_access_ends 14 days before",
      fresh({ expiresAt: null, dataAccessExpiresAt: MADE + 90 * DAY }),
      76,
      "data_access_ends",
    ],
    [
      "data_access_ends afterwards",
      fresh({ expiresAt: null, dataAccessExpiresAt: MADE + 90 * DAY }),
      95,
      "data_access_ends",
    ],
  ])("is %s", (_, token, day, warning) => {
    expect(tokenWarning(token, MADE + day * DAY)).toBe(warning);
  });
});

describe("scopes and the end of data access", () => {
  it.each([
    ["are not known", "instagram", fresh({ scopes: null }), 1, true],
    ["are known", "instagram", fresh({ scopes: [] }), 1, false],
    ["of a Facebook Login are not known", "facebook", fresh({ scopes: [] }), 1, true],
    ["of a Facebook Login never end", "facebook", fresh({ scopes: [], dataAccessExpiresAt: null }), 1, false],
    ["of a Facebook Login end late", "facebook", fresh({ scopes: [], dataAccessExpiresAt: MADE + 90 * DAY }), 1, false],
    ["may have been extended", "facebook", fresh({ scopes: [], dataAccessExpiresAt: MADE + 90 * DAY }), 80, true],
  ] as const)("are read again when they %s", (_, login, token, day, wanted) => {
    expect(wantsTokenFacts(login, token, MADE + day * DAY)).toBe(wanted);
  });
});

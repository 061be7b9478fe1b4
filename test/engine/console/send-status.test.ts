/** What is said of whether an account may send. */
import { describe, expect, it } from "vitest";
import {
  noticesOf,
  pillsOf,
  sendNowMessage,
  type SendStatus,
  sendStatusOf,
  switchOf,
  whyItWaits,
} from "../../../src/console/send-status.ts";

const NOW = 1_795_000_000_000;
const DAY_MS = 86_400_000;
const WELL: SendStatus = { connected: true, tokenExpiresAt: null, sending: "on", hold: null, stop: null, events: 12 };
const HELD = { problem: "token", code: "190", reason: "expired", since: NOW - 10_000, until: null };

const pills = (sendStatus: Partial<SendStatus>): string[] =>
  pillsOf({ ...WELL, ...sendStatus }, NOW).map(({ tone, label }) => `${tone}: ${label}`);

describe("the banner of an account's page", () => {
  it("says that it is connected, paused or on a dry run, and how long its token lasts", () => {
    expect(pills({})).toEqual(["good: Connected"]);
    expect(pills({ sending: "paused", tokenExpiresAt: NOW + 9.5 * DAY_MS })).toEqual([
      "good: Connected",
      "warn: Paused",
      "warn: Token: 9 days left",
    ]);
    expect(pills({ sending: "dry_run", tokenExpiresAt: NOW - 1 })).toEqual([
      "good: Connected",
      "warn: Dry run",
      "bad: Token expired",
    ]);
    expect(pills({ connected: false, tokenExpiresAt: NOW + DAY_MS })).toEqual(["bad: Not connected"]);
  });

  it("says why it does not send, and that it is paused where no pill does", () => {
    expect(noticesOf(WELL, true)).toEqual([]);
    expect(noticesOf({ ...WELL, hold: HELD, sending: "paused" }, false)).toMatchObject([
      {
        tone: "bad",
        strong: "Sending is on hold.",
        text: "The access token is no longer valid. Connect the account again.",
      },
    ]);
    expect(noticesOf({ ...WELL, sending: "paused" }, true)).toHaveLength(1);
    expect(noticesOf({ ...WELL, connected: false }, false)).toMatchObject([
      { text: "This account has no token: events are recorded (12 events so far), but no replies are sent." },
    ]);
  });

  it("offers to pause what is on, and to resume what is not", () => {
    expect([switchOf("on").act, switchOf("paused").act, switchOf("dry_run").label]).toEqual([
      "pause",
      "unpause",
      "End dry run",
    ]);
  });

  it("shows a pause of all sending, whether the Directory or the account reports it first", () => {
    const stop = { since: NOW, reason: "the link is wrong" };
    const account = { connected: true, tokenExpiresAt: null, state: { settings: { sending: "on" }, ...WELL } };
    expect(sendStatusOf(account, stop).stop).toBe(stop);
    expect(sendStatusOf({ ...account, state: { ...account.state, stop } }, null).stop).toBe(stop);
    expect(sendStatusOf(account, null).stop).toBeNull();
  });
});

describe("a reply that waits", () => {
  it("says for what, the widest reason first", () => {
    const stop = { since: NOW, reason: "" };
    expect(whyItWaits(WELL)).toBeNull();
    expect(whyItWaits({ ...WELL, sending: "dry_run" })).toBeNull();
    expect(whyItWaits({ ...WELL, sending: "paused" })).toBe("waits: sending is paused for this account");
    expect(whyItWaits({ ...WELL, sending: "paused", hold: HELD })).toBe("waits: the account must be connected again");
    expect(whyItWaits({ ...WELL, connected: false, hold: HELD })).toBe("waits: the account is not connected");
    expect(whyItWaits({ ...WELL, connected: false, stop })).toBe("waits: sending is paused for all accounts");
  });

  it("is not promised to leave by “Send now” when it will not", () => {
    expect(sendNowMessage(WELL)).toBe("It is sent as soon as Meta's rate limits allow.");
    expect(sendNowMessage({ ...WELL, sending: "paused" })).toBe(
      "Saved. The reply waits: sending is paused for this account.",
    );
    expect(sendNowMessage({ ...WELL, sending: "dry_run" })).toBe("Dry run: the reply is cancelled instead of sent.");
  });
});

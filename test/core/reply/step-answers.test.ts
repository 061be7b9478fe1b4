/** The effect of each response from Meta on its attempt. */
import { describe, expect, it } from "vitest";
import type { SendOutcome } from "../../../src/core/reply/outcome.ts";
import { RATE_LIMITS, type Reply } from "../../../src/core/reply/reply.ts";
import { GRACE_MS, type ReplyEvent } from "../../../src/core/reply/step.ts";
import { after, ALLOWED, ATTEMPT_AT, decide, NOW, reply } from "./samples.ts";

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

const answered = (outcome: SendOutcome, conditions = ALLOWED): ReplyEvent => ({
  type: "answered",
  attempt: 1,
  outcome,
  conditions,
});

/** An attempt that was just sent. */
const sending = (more: Partial<Reply> = {}): Reply =>
  reply("sending", { attemptAt: NOW, wakeAt: NOW + GRACE_MS, ...more });

/** A second attempt, while the first may have arrived. */
const doubtful = (more: Partial<Reply> = {}): Reply => sending({ ambiguous: true, failures: 1, ...more });

describe("accepted", () => {
  const accepted = (recipientId: string | null): ReplyEvent =>
    answered({ kind: "accepted", messageId: "mid.2", recipientId });

  it("marks the reply as sent and stores Meta's id", () => {
    expect(decide(sending(), accepted(null)).write?.set).toEqual({
      state: "sent",
      messageId: "mid.2",
      reason: null,
      sentAt: NOW,
      wakeAt: null,
      personId: "person_1",
    });
  });

  it("stores the person of a comment, if it is not known yet", () => {
    expect(after(sending({ personId: null }), accepted("person_2")).personId).toBe("person_2");
    expect(after(sending(), accepted("person_2")).personId).toBe("person_1");
  });
});

describe("refused", () => {
  const refused = answered({ kind: "refused", code: "100/2534025", reason: "not_repliable" });

  it("ends the reply with Meta's code", () => {
    expect(decide(sending(), refused).write?.set).toEqual({ state: "refused", reason: "100/2534025", wakeAt: null });
  });

  it.each([
    ["10900", "already_replied"],
    ["506", "duplicate"],
  ])("with %s (%s), after an attempt that may have arrived, proves that it did", (code, reason) => {
    expect(decide(doubtful(), answered({ kind: "refused", code, reason })).write?.set).toEqual({
      state: "sent",
      messageId: null,
      reason: "presumed",
      sentAt: NOW,
      wakeAt: null,
    });
  });

  // The comment may just be gone by now, or Meta may have used up its one reply without sending it.
  it.each([
    ["100/33", "not_found"],
    ["100/2534025", "not_repliable"],
  ])("with %s (%s), after such an attempt, proves nothing", (code, reason) => {
    const refusal = answered({ kind: "refused", code, reason });
    expect(decide(doubtful(), refusal).write?.set).toEqual({ state: "uncertain", reason: code, wakeAt: null });
  });
});

describe("a temporary rejection", () => {
  const retry = (tries?: number): ReplyEvent =>
    answered({ kind: "retry", code: "2018008", reason: "media", ...(tries === undefined ? {} : { tries }) });

  it.each([
    [0, 15 * SECOND],
    [1, MINUTE],
    [2, 5 * MINUTE],
    [3, 15 * MINUTE],
    [4, HOUR],
    [10, HOUR],
  ])("after %i failures waits %i ms", (failures, delayMs) => {
    expect(after(sending({ failures }), retry())).toMatchObject({
      state: "pending",
      failures: failures + 1,
      wakeAt: NOW + delayMs,
    });
  });

  it("waits up to a quarter longer at random, and never less", () => {
    expect(after(sending(), retry(), NOW, 0.999).wakeAt).toBe(NOW + Math.ceil(15 * SECOND * (1 + 0.999 / 4)));
  });

  it("becomes refused after twelve failures, or after the maximum tries of the error", () => {
    expect(after(sending({ failures: 11 }), retry())).toMatchObject({ state: "refused", reason: "2018008" });
    expect(after(sending(), retry(2)).state).toBe("pending");
    expect(after(sending({ failures: 1 }), retry(2))).toMatchObject({ state: "refused", failures: 2, wakeAt: null });
  });

  it("is cancelled if a cancellation arrived during the attempt", () => {
    expect(after(sending({ cancelReason: "human_answered" }), retry())).toMatchObject({
      state: "cancelled",
      reason: "human_answered",
      wakeAt: null,
    });
  });

  it("stays uncertain if an earlier attempt is ambiguous, and waits equally long", () => {
    expect(after(doubtful(), retry())).toMatchObject({
      state: "uncertain",
      ambiguous: true,
      reason: "2018008",
      wakeAt: NOW + MINUTE,
    });
    expect(after(doubtful({ cancelReason: "by_request" }), retry())).toMatchObject({
      state: "uncertain",
      wakeAt: null,
    });
  });

  it("leaves the reply to a person if an earlier attempt is ambiguous and no retries are left", () => {
    expect(after(doubtful({ failures: 11 }), retry())).toMatchObject({
      state: "uncertain",
      reason: "2018008",
      wakeAt: null,
    });
  });
});

describe("throttled", () => {
  const throttled = answered({ kind: "throttled", code: "613", reason: "rate_limit", scope: "kind", waitMs: 90_000 });

  it("makes the rate limit wait, not the row, and does not count as a failure", () => {
    const row = sending({ failures: 2 });
    const { write, effects } = decide(row, throttled);
    expect(write?.set).toEqual({ state: "pending", wakeAt: NOW });
    expect(effects).toEqual([{ type: "slow_down", rateLimits: ["private"], waitMs: 90_000 }]);
  });

  it("slows every rate limit if the limit is for the account or the app", () => {
    const wide = answered({ kind: "throttled", code: "4", reason: "app", scope: "account", waitMs: null });
    expect(decide(sending(), wide).effects).toEqual([
      { type: "slow_down", rateLimits: [...RATE_LIMITS], waitMs: null },
    ]);
  });

  it("slows the rate limit even if the reply was cancelled", () => {
    const { write, effects } = decide(sending({ cancelReason: "by_request" }), throttled);
    expect(write?.set.state).toBe("cancelled");
    expect(effects).toHaveLength(1);
  });
});

describe("a refusal of the account", () => {
  const error = { code: "190/463", reason: "token_expired" };

  it.each(["token", "permission"] as const)("for its %s holds the account until a person acts", (problem) => {
    const { write, effects } = decide(sending(), answered({ kind: "account", ...error, problem }));
    expect(write?.set).toEqual({ state: "pending", wakeAt: NOW, heldAt: NOW });
    expect(effects).toEqual([{ type: "hold_account", problem, ...error, until: null }]);
  });

  it("for a block holds the account for an hour, because Meta lifts blocks without notice", () => {
    const { effects } = decide(sending(), answered({ kind: "account", ...error, problem: "blocked" }));
    expect(effects).toEqual([{ type: "hold_account", problem: "blocked", ...error, until: NOW + HOUR }]);
  });

  it("lets the other replies go first when the hold ends", () => {
    const row = after(sending(), answered({ kind: "account", ...error, problem: "blocked" }));
    expect(row).toMatchObject({ state: "pending", heldAt: NOW });
    expect(row.wakeAt).toBeGreaterThan(NOW + HOUR);
  });

  it("is the reply's own when it comes back for it while others were sent", () => {
    const held = sending({ heldAt: NOW - HOUR });
    const blocked = (lastSentAt: number | null) =>
      answered({ kind: "account", ...error, problem: "blocked" }, { ...ALLOWED, lastSentAt });
    expect(decide(held, blocked(NOW - 1))).toMatchObject({ write: { set: { state: "refused" } }, effects: [] });
    expect(decide(held, blocked(NOW - HOUR - 1))).toMatchObject({ write: { set: { state: "pending" } } });
    expect(decide(held, blocked(null)).effects).toHaveLength(1);
  });

  it("holds for as long as the account says", () => {
    const { effects } = decide(sending(), answered({ kind: "account", ...error, problem: "permission", holdMs: 5 }));
    expect(effects).toEqual([{ type: "hold_account", problem: "permission", ...error, until: NOW + 5 }]);
  });
});

describe("an attempt that was called off before the request", () => {
  const calledOff = answered({ kind: "called_off", code: "stopped" });

  it("is due again at once and does not count as a failure", () => {
    expect(after(sending({ failures: 2 }), calledOff)).toMatchObject({ state: "pending", wakeAt: NOW, failures: 2 });
  });

  it("stays uncertain if an earlier attempt is ambiguous", () => {
    expect(after(doubtful(), calledOff)).toMatchObject({ state: "uncertain", ambiguous: true, wakeAt: NOW });
  });

  it("is cancelled if a cancellation arrived during the attempt", () => {
    expect(after(sending({ cancelReason: "by_request" }), calledOff)).toMatchObject({
      state: "cancelled",
      reason: "by_request",
    });
  });
});

describe("an ambiguous response", () => {
  const ambiguous = answered({ kind: "ambiguous", code: "timeout", reason: "timeout" });

  it.each([
    ["the first", GRACE_MS, sending()],
    ["the second", 10 * MINUTE, doubtful({ failures: 1 })],
    ["the third", HOUR, doubtful({ failures: 2 })],
  ])("to a private reply, %s in a row, is followed by a retry in %i ms", (_, delayMs, row) => {
    expect(after(row, ambiguous)).toMatchObject({
      state: "uncertain",
      ambiguous: true,
      reason: "timeout",
      failures: row.failures + 1,
      wakeAt: NOW + delayMs,
    });
  });

  it("leaves the reply to a person after three more tries", () => {
    expect(after(doubtful({ failures: 3 }), ambiguous)).toMatchObject({ state: "uncertain", wakeAt: null });
  });

  it("gives the same number of retries after any number of certain rejections", () => {
    expect(after(sending({ failures: 9 }), ambiguous)).toMatchObject({ failures: 1, wakeAt: NOW + GRACE_MS });
  });

  it("counts the wait from the attempt, but never into the past", () => {
    expect(after(sending({ attemptAt: NOW - 10 * SECOND }), ambiguous).wakeAt).toBe(NOW - 10 * SECOND + GRACE_MS);
    expect(after(sending({ attemptAt: ATTEMPT_AT - 1 }), ambiguous).wakeAt).toBe(NOW);
  });

  it("holds a message, which Meta would deliver twice", () => {
    expect(after(sending({ kind: "message" }), ambiguous)).toMatchObject({ state: "uncertain", wakeAt: null });
  });

  it("retries a message if the owner has enabled it", () => {
    const event = answered(
      { kind: "ambiguous", code: "timeout", reason: "timeout" },
      {
        ...ALLOWED,
        retryUncertainMessages: true,
      },
    );
    expect(after(sending({ kind: "message" }), event).wakeAt).toBe(NOW + GRACE_MS);
    expect(after(sending({ kind: "message", cancelReason: "by_request" }), event).wakeAt).toBeNull();
  });
});

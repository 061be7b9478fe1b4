/** Invariants of `step` under any sequence of events. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SendOutcome } from "../../../src/core/reply/outcome.ts";
import { DONE_ALREADY } from "../../../src/core/reply/outcome.ts";
import type { Reply } from "../../../src/core/reply/reply.ts";
import { GRACE_MS, type SendConditions, type ReplyEvent, step } from "../../../src/core/reply/step.ts";
import { ERROR_ROWS } from "../../../src/meta/errors/error-codes.ts";
import { ALLOWED, reply } from "../../core/reply/samples.ts";

/** A fixed seed, so that the sequences are always the same. */
const RUNS = { numRuns: 2_000, seed: 3 };
const DUE_AT = 1_000_000;
const EXPIRES_AT = DUE_AT + 7 * 86_400_000;

const NEW = reply("pending", { createdAt: DUE_AT - 10_000, dueAt: DUE_AT, wakeAt: DUE_AT, expiresAt: EXPIRES_AT });

const conditions: fc.Arbitrary<SendConditions> = fc.record({
  sending: fc.constantFrom("on", "on", "on", "paused", "dry_run"),
  connected: fc.boolean(),
  held: fc.boolean(),
  humanActive: fc.boolean(),
  retryUncertainMessages: fc.constant(false),
});

const outcome: fc.Arbitrary<SendOutcome> = fc.oneof(
  fc.record({
    kind: fc.constant("accepted"),
    messageId: fc.option(fc.constant("mid")),
    recipientId: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant("refused"),
    code: fc.constant("551"),
    reason: fc.constantFrom("gone", ...DONE_ALREADY),
  }),
  fc.record({ kind: fc.constant("retry"), code: fc.constant("1"), reason: fc.constant("busy") }),
  fc.record({
    kind: fc.constant("throttled"),
    code: fc.constant("613"),
    reason: fc.constant("rate"),
    scope: fc.constantFrom("kind", "account"),
    waitMs: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant("account"),
    code: fc.constant("190"),
    reason: fc.constant("token"),
    problem: fc.constant("token"),
  }),
  fc.record({ kind: fc.constant("called_off"), code: fc.constant("stopped") }),
  fc.record({ kind: fc.constant("ambiguous"), code: fc.constant("timeout"), reason: fc.constant("timeout") }),
);

/** An event for the current row: `ago` is how many attempts ago the answered attempt was. */
type Happening =
  | Exclude<ReplyEvent, { type: "answered" }>
  | { type: "answered"; ago: number; outcome: SendOutcome; conditions: SendConditions };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("due"), conditions: fc.oneof(fc.constant(ALLOWED), conditions) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("answered"),
      ago: fc.constantFrom(0, 0, 0, 1),
      outcome,
      conditions: fc.constant(ALLOWED),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("unanswered"), conditions: fc.constant(ALLOWED) }) },
  fc.record({ type: fc.constant("echoed"), messageId: fc.option(fc.constant("mid.echo")) }),
  fc.record({ type: fc.constant("cancel"), reason: fc.constantFrom("comment_gone", "human_answered", "by_request") }),
  fc.record({ type: fc.constant("hasten") }),
  fc.record({ type: fc.constant("overdue") }),
);

const resolution: fc.Arbitrary<Happening> = fc.record({
  type: fc.constant("resolve"),
  as: fc.constantFrom("sent", "refused", "retry"),
});

const kind = fc.constantFrom("private_reply", "message", "public_reply");
const passing = fc.constantFrom(0, 1_000, 15_000, GRACE_MS, 600_000, 3_600_000, 86_400_000);

interface Step {
  before: Reply;
  after: Reply;
  event: ReplyEvent;
  sends: number;
  now: number;
}

/** Runs a sequence of events and returns each step. */
function play(first: Reply, sequence: readonly (readonly [number, Happening])[]): Step[] {
  const steps: Step[] = [];
  let row = first;
  let now = DUE_AT - 10_000;
  for (const [passedMs, what] of sequence) {
    now += passedMs;
    const event: ReplyEvent =
      what.type === "answered"
        ? {
            type: "answered",
            attempt: row.attempts - what.ago,
            outcome: what.outcome,
            conditions: { ...what.conditions, lastSentAt: null },
          }
        : what;
    const { write, effects } = step(row, event, now, 0.5);
    if (write !== null) expect(write.expect).toEqual({ state: row.state, attempts: row.attempts });
    const after = write === null ? row : { ...row, ...write.set };
    steps.push({ before: row, after, event, sends: effects.filter(({ type }) => type === "send").length, now });
    row = after;
  }
  return steps;
}

const sequences = (...events: fc.Arbitrary<Happening>[]) =>
  fc.tuple(kind, fc.array(fc.tuple(passing, fc.oneof(...events)), { maxLength: 30 }));

function forEveryStep(events: fc.Arbitrary<Happening>[], check: (step: Step, earlier: readonly Step[]) => void): void {
  fc.assert(
    fc.property(sequences(...events), ([of, sequence]) => {
      const steps = play({ ...NEW, kind: of }, sequence);
      steps.forEach((one, index) => check(one, steps.slice(0, index)));
    }),
    RUNS,
  );
}

describe("a reply, after any sequence of events", () => {
  it("stays sent once it is sent", () => {
    forEveryStep([happening, resolution], ({ before, after }) => {
      if (before.state !== "sent") return;
      expect(after).toMatchObject({ state: "sent", sentAt: before.sentAt, attempts: before.attempts, wakeAt: null });
      if (before.messageId !== null) expect(after.messageId).toBe(before.messageId);
    });
  });

  it("counts one attempt for each send, and no other attempts", () => {
    forEveryStep([happening, resolution], ({ before, after, sends, now }) => {
      expect(after.attempts).toBe(before.attempts + sends);
      if (sends > 0) expect(after).toMatchObject({ state: "sending", attemptAt: now, wakeAt: now + GRACE_MS });
    });
  });

  it("is sent only when it is due, inside its window and allowed", () => {
    forEveryStep([happening, resolution], ({ before, event, sends, now }) => {
      if (sends === 0) return;
      expect(event).toMatchObject({ type: "due", conditions: { sending: "on", connected: true, held: false } });
      expect(now).toBeGreaterThanOrEqual(before.dueAt);
      expect(now).toBeGreaterThanOrEqual(before.wakeAt ?? Infinity);
      expect(now).toBeLessThan(EXPIRES_AT);
    });
  });

  it("is never sent after it was cancelled, unless a person retries it", () => {
    forEveryStep([happening], ({ sends }, earlier) => {
      if (sends > 0)
        expect(earlier.some(({ event, after, before }) => event.type === "cancel" && after !== before)).toBe(false);
    });
  });

  it("is not sent again while its last attempt may still arrive", () => {
    forEveryStep([happening, resolution], ({ sends, now }, earlier) => {
      const last = earlier.findLast((one) => one.sends > 0);
      if (sends === 0 || last === undefined) return;
      const since = earlier.slice(earlier.indexOf(last) + 1);
      // Certainly rejected, so it can no longer arrive.
      const turnedAway = since.some(
        ({ event, before, after }) =>
          after !== before && event.type === "answered" && !["accepted", "ambiguous"].includes(event.outcome.kind),
      );
      const resolved = since.some(({ event }) => event.type === "resolve");
      if (!turnedAway && !resolved) expect(now - last.now).toBeGreaterThanOrEqual(GRACE_MS);
    });
  });

  it("is not sent a second time as a message if the first may have arrived", () => {
    forEveryStep([happening], ({ before, sends }) => {
      if (sends > 0 && before.kind !== "private_reply") expect(before.ambiguous).toBe(false);
    });
  });

  it("is not marked as unsent if an attempt may have arrived, except by a person", () => {
    forEveryStep([happening], ({ after }) => {
      if (["refused", "cancelled", "expired"].includes(after.state)) expect(after.ambiguous).toBe(false);
    });
  });

  it("is presumed sent only if Meta's refusal proves it", () => {
    forEveryStep([happening, resolution], ({ before, after, event }) => {
      if (after.reason !== "presumed" || before.reason === "presumed") return;
      expect(before.ambiguous).toBe(true);
      expect(
        event.type === "answered" && event.outcome.kind === "refused" && DONE_ALREADY.has(event.outcome.reason),
      ).toBe(true);
    });
  });

  it("is never stuck: a waiting row has a time, a final row has a reason", () => {
    forEveryStep([happening, resolution], ({ after }) => {
      switch (after.state) {
        case "pending":
        case "sending":
          expect(after.wakeAt).not.toBeNull();
          return;
        case "uncertain":
          expect(after.reason).not.toBeNull();
          return;
        case "sent":
          expect(after.wakeAt).toBeNull();
          return;
        case "refused":
        case "cancelled":
        case "expired":
          expect(after.wakeAt).toBeNull();
          expect(after.reason).not.toBeNull();
      }
    });
  });
});

it("every reason that counts as proof belongs to a code in the error table", () => {
  const reasons = ERROR_ROWS.filter(({ action }) => action.do === "refuse").map(({ reason }) => reason);
  expect([...DONE_ALREADY].filter((reason) => !reasons.includes(reason))).toEqual([]);
});

/** Mutants of one attempt: commit, grace period, evidence. */
import type { Mutant } from "./mutant.ts";

const STEP = "src/core/reply/step.ts";
const ATTEMPT = "src/engine/account/outbox/attempt.ts";
const REFUSED = `      if (reply.ambiguous && DONE_ALREADY.has(outcome.reason)) return write(reply, sent(null, "presumed", now));
      return write(reply, givenUp(reply, outcome.code));`;
const AMBIGUOUS =
  "      return write(reply, uncertain(reply, outcome.code, now, conditions.retryUncertainMessages, outcome.final));";

export const SENDING_MUTANTS: readonly Mutant[] = [
  {
    name: "no intent row",
    without: "an attempt is committed before the request is sent",
    patches: [
      {
        file: STEP,
        find: '{ state: "sending", attempts: attempt, attemptAt: now, wakeAt: now + GRACE_MS, reason: null }',
        replace: "{ attempts: attempt, wakeAt: now + 15_000 }",
      },
      {
        file: STEP,
        find: '  if (reply.state !== "sending" || reply.attempts !== attempt) return NOTHING;',
        replace: "",
      },
      {
        file: ATTEMPT,
        find: 'reply.state === "sending" && reply.attempts === attemptNumber',
        replace: "reply.attempts === attemptNumber",
      },
      { file: ATTEMPT, find: "reply.attemptAt === null || ports.now() - reply.attemptAt > STALE_MS", replace: "false" },
    ],
    runs: [{ workload: "conversations", prompts: 900 }],
    caughtBy: ["DUPLICATED"],
  },
  {
    name: "ambiguous sent again",
    without: "a reply that may have been sent is not marked as unsent",
    patches: [
      { file: STEP, find: AMBIGUOUS, replace: "      return write(reply, again(reply, outcome.code, now + 15_000));" },
    ],
    runs: [{ workload: "conversations", prompts: 600 }],
    caughtBy: ["DUPLICATED"],
  },
  {
    name: "ambiguous is refused",
    without: "only a code that Meta returns before any effect proves that nothing was sent",
    patches: [{ file: STEP, find: AMBIGUOUS, replace: '      return write(reply, settled("refused", outcome.code));' }],
    runs: [{ workload: "conversations", prompts: 600 }],
    caughtBy: ["LIE"],
  },
  {
    name: "no grace",
    without: "an attempt is resolved only when it can no longer arrive",
    patches: [{ file: STEP, find: "export const GRACE_MS = 90_000;", replace: "export const GRACE_MS = 1_000;" }],
    runs: [
      { workload: "busy", prompts: 1_500 },
      { workload: "live", prompts: 1_500 },
    ],
    caughtBy: ["DUPLICATED"],
  },
  {
    name: "refusal not evidence",
    without: "Meta's refusal of a second private reply proves that the first was sent",
    patches: [{ file: STEP, find: REFUSED, replace: '      return write(reply, settled("refused", outcome.code));' }],
    runs: [{ workload: "busy", prompts: 900 }],
    caughtBy: ["LIE"],
  },
  {
    name: "any refusal is evidence",
    without: "only a refusal because of the first reply proves that it was sent",
    patches: [
      {
        file: STEP,
        find: REFUSED,
        replace: `      if (reply.ambiguous) return write(reply, sent(null, "presumed", now));
      return write(reply, settled("refused", outcome.code));`,
      },
    ],
    runs: [{ workload: "busy", prompts: 3_000 }],
    caughtBy: ["LIE"],
  },
  {
    name: "echoes ignored",
    without: "an echo resolves an attempt without a response",
    patches: [
      {
        file: "src/engine/account/ingest/side-effects.ts",
        find: '    case "echo":\n      return applyEcho(ports, accountId, event, view);',
        replace: '    case "echo":\n      return null;',
      },
    ],
    runs: [{ workload: "conversations", prompts: 600 }],
    caughtBy: ["UNSETTLED"],
  },
  {
    name: "echo of unknown person ignored",
    without: "a reply to a comment that Meta delivers later is matched with its echo",
    patches: [
      {
        file: "src/engine/account/ingest/echo-match.ts",
        find: "    ...attemptedToUnknown(ports.sql, since),\n",
        replace: "",
      },
      {
        file: "src/engine/account/ingest/side-effects.ts",
        find: "    if (commentId !== null) learnPerson(ports.sql, commentId, from.id);\n",
        replace: "",
      },
    ],
    runs: [{ workload: "busy", prompts: 3_000 }],
    caughtBy: ["UNANSWERED"],
  },
  {
    name: "no re-check after await",
    without: "the row is read again before the request is sent",
    patches: [
      {
        file: ATTEMPT,
        find: `  const reply = current(ports, replyId, attemptNumber);
  if (reply === null) return null;
  if (reply.cancelReason !== null) return notSent(reply.cancelReason);`,
        replace: "  const reply = planned;",
      },
    ],
    runs: [{ workload: "busy", prompts: 3_000 }],
    caughtBy: ["SENT AFTER CANCEL"],
  },
  {
    name: "human reply ignored",
    without: "automations are paused after a human reply",
    patches: [
      {
        file: "src/engine/account/ingest/echo-match.ts",
        find: "  if (!takeover.enabled) return;",
        replace: "  if (takeover !== null) return;",
      },
    ],
    runs: [{ workload: "conversations", prompts: 600 }],
    caughtBy: ["SENT AFTER CANCEL"],
  },
  {
    name: "no tombstones",
    without: "an unsend also counts if it arrives before its message",
    patches: [
      {
        file: "src/engine/account/ingest/side-effects.ts",
        find: '  putTombstone(ports.sql, about, "deleted", ports.now());\n',
        replace: "",
      },
    ],
    runs: [{ workload: "conversations", prompts: 1_200 }],
    caughtBy: ["SENT AFTER CANCEL"],
  },
  {
    name: "old token's 190 believed",
    without: "an error for a replaced token does not hold the account",
    patches: [
      {
        file: ATTEMPT,
        find: "return ofThatToken(ports, opened.sealed, await ports.graph.send(order));",
        replace: "return await ports.graph.send(order);",
      },
    ],
    runs: [{ workload: "live", prompts: 1_500 }],
    caughtBy: ["UNANSWERED"],
  },
  {
    name: "own comments answered",
    without: "the account never replies to itself",
    patches: [
      {
        file: "src/engine/account/ingest/own-comments.ts",
        find: "const own = comment !== null && !event.test && isOwnComment(ports, event.accountId, comment);",
        replace: "const own = false;",
      },
    ],
    runs: [{ workload: "busy", prompts: 300 }],
    caughtBy: ["SELF"],
  },
  {
    name: "own records not asked",
    without: "the account's own records decide whether a comment is its own",
    patches: [
      {
        file: "src/engine/account/ingest/own-comments.ts",
        find: "const own = comment !== null && !event.test && isOwnComment(ports, event.accountId, comment);",
        replace: "const own = comment?.own === true;",
      },
    ],
    runs: [{ workload: "busy", prompts: 900 }],
    caughtBy: ["SELF"],
  },
  {
    name: "not repliable is evidence",
    without: "only 'already has a reply' proves that the first attempt arrived",
    patches: [
      {
        file: "src/core/reply/outcome.ts",
        find: 'new Set(["already_replied", "duplicate"])',
        replace: 'new Set(["already_replied", "duplicate", "not_repliable"])',
      },
    ],
    runs: [{ workload: "busy", prompts: 3_000 }],
    caughtBy: ["LIE"],
  },
  {
    name: "poison reply never refused",
    without: "a reply that holds the account again after others have passed is refused",
    patches: [
      {
        file: "src/core/reply/step.ts",
        find: 'if (problem !== "token" && othersPassed) return',
        replace: "if (false) return",
      },
    ],
    runs: [{ workload: "busy", prompts: 3_000 }],
    caughtBy: ["UNSETTLED"],
  },
  {
    name: "public reply too early",
    without: "a public reply waits until its private reply is sent",
    patches: [
      {
        file: "src/engine/account/ingest/evaluate.ts",
        find: 'const afterId = planned.kind === "public_reply" ? (scheduled.get("private_reply") ?? null) : null;',
        replace: "const afterId = null;",
      },
    ],
    runs: [{ workload: "busy", prompts: 300 }],
    caughtBy: ["ORDER"],
  },
  {
    name: "standby answered",
    without: "no replies in a thread that another app owns",
    patches: [
      {
        file: "src/meta/subject.ts",
        find: 'return { ...subjectOf(view.inner), on: [], blocked: "standby" };',
        replace: "return subjectOf(view.inner);",
      },
    ],
    runs: [{ workload: "conversations", prompts: 300 }],
    caughtBy: ["SELF"],
  },
];

/** Mutants of alarms, watchdog, pace and windows. */
import type { Mutant } from "./mutant.ts";

const DISPATCH = "src/engine/account/outbox/dispatcher.ts";
const ATTEMPT = "src/engine/account/outbox/attempt.ts";
const ACCOUNT = "src/engine/account/account.ts";
const LEASE = { file: DISPATCH, find: "      ports.setAlarm(ports.now() + LEASE_MS);\n", replace: "" };

export const TIMING_MUTANTS: readonly Mutant[] = [
  {
    name: "no lease alarm",
    without: "a run takes its next alarm before it does anything",
    patches: [LEASE],
    runs: [{ workload: "unwatched", prompts: 400 }],
    caughtBy: ["UNANSWERED"],
  },
  {
    name: "alarm throws",
    without: "a run never throws: here it puts back what failed and leaves the rest to Cloudflare's six retries",
    patches: [
      LEASE,
      {
        file: ATTEMPT,
        find: '    return { outcome: { kind: "ambiguous", code: "sender_unreachable", reason: "sender_unreachable" }, usage: null };',
        replace: `    ports.sql.transaction(() => {
      settle(ports, accountId, replyId, attemptNumber, notSent("sender_unreachable"));
      const back = findReply(ports.sql, replyId);
      if (back !== null) transition(ports, accountId, back, { type: "hasten" });
    });
    throw error;`,
      },
      {
        file: DISPATCH,
        find: '              ports.log("alarm_failed", { accountId: this.#accountId, replyId: id, error: describe(error) });',
        replace: "              this.failure = error;",
      },
      {
        file: DISPATCH,
        find: "      await this.#sendDue();\n",
        replace: `      await this.#sendDue();
      const { failure } = this;
      this.failure = undefined;
      if (failure !== undefined) throw failure;
`,
      },
      {
        file: DISPATCH,
        find: `      ports.log("alarm_failed", { accountId: this.#accountId, error: describe(error) });
      return false;`,
        replace: "      throw error;",
      },
    ],
    runs: [{ workload: "unwatched", prompts: 400 }],
    caughtBy: ["UNANSWERED"],
  },
  {
    name: "no watchdog",
    without: "somebody looks after alarms that never ring",
    patches: [
      {
        file: "src/engine/watchdog/visit.ts",
        find: "const waiting = await ports.toVisit();",
        replace: "const waiting = [];",
      },
    ],
    runs: [{ workload: "singles", prompts: 300 }],
    caughtBy: ["UNANSWERED"],
  },
  {
    name: "announce not awaited",
    without: "an event is acknowledged when the watchdog knows of its account",
    patches: [
      {
        file: ACCOUNT,
        find: "    await registerAwake(this.#ports, accountId);\n    await syncSummary(this.#ports, accountId);\n    return { results };",
        replace: "    void registerAwake(this.#ports, accountId).catch(() => undefined);\n    return { results };",
      },
    ],
    runs: [{ workload: "singles", prompts: 800 }],
    caughtBy: ["UNANSWERED"],
  },
  {
    name: "duplicates not announced",
    without: "a repeated event arms and announces like a new one",
    patches: [
      {
        file: ACCOUNT,
        find: "    const results = ingest(this.#ports, accountId, events);\n",
        replace: `    const results = ingest(this.#ports, accountId, events);
    if (results.every((result) => result === "duplicate")) return { results };
`,
      },
    ],
    runs: [{ workload: "singles", prompts: 400 }],
    caughtBy: ["UNANSWERED"],
  },
  {
    name: "pace in memory",
    without: "the pace survives a restart",
    patches: [
      {
        file: "src/engine/account/tables/rate-limits.ts",
        find: "export function readRateLimit(sql: Sql, rateLimit: RateLimit): RateLimitState {\n",
        replace: `const MEMORY = new WeakMap();
export function readRateLimit(sql: Sql, rateLimit: RateLimit): RateLimitState {
  return MEMORY.get(sql)?.[rateLimit] ?? NEW_RATE_LIMIT;
`,
      },
      {
        file: "src/engine/account/tables/rate-limits.ts",
        find: "export function storeRateLimit(sql: Sql, rateLimit: RateLimit, clock: RateLimitState): void {\n",
        replace: `export function storeRateLimit(sql: Sql, rateLimit: RateLimit, clock: RateLimitState): void {
  MEMORY.set(sql, { ...MEMORY.get(sql), [rateLimit]: clock });
  return;
`,
      },
    ],
    runs: [{ workload: "viral", prompts: 1_500 }],
    caughtBy: ["OVER PACE"],
  },
  {
    name: "not counted at the door",
    without: "what was looked at before it leaves is counted as it leaves",
    patches: [
      {
        file: "src/core/reply/send-throttle.ts",
        find: "if (rule.windowMs > SHORT_WINDOW_MS) return now;",
        replace: "return now;",
      },
    ],
    runs: [{ workload: "live", prompts: 3_000 }],
    caughtBy: ["OVER PACE"],
  },
  {
    name: "no turns",
    without: "posts take turns",
    patches: [
      {
        file: "src/engine/account/tables/fair-queue.ts",
        find: "ORDER BY turn, group_key LIMIT ?",
        replace: "ORDER BY group_key LIMIT ?",
      },
    ],
    runs: [{ workload: "viral", prompts: 1_500 }],
    caughtBy: ["UNFAIR"],
  },
  {
    name: "no deferral",
    without: "a reply waits ten seconds",
    patches: [
      {
        file: "src/engine/account/ingest/evaluate.ts",
        find: "dueAt: event.receivedAt + Math.round((planned.deferSeconds ?? settings.deferSeconds) * 1_000),",
        replace: "dueAt: event.receivedAt,",
      },
    ],
    runs: [{ workload: "busy", prompts: 100 }],
    caughtBy: ["EARLY"],
  },
  {
    name: "no windows",
    without: "nothing leaves after Meta's window",
    patches: [
      {
        file: "src/meta/limits.ts",
        find: "return startedAt + windowMs(kind, rateLimit) - WINDOW_MARGIN_MS;",
        replace: "return startedAt + windowMs(kind, rateLimit) + 30 * DAY_MS;",
      },
    ],
    runs: [{ workload: "outages", prompts: 120 }],
    caughtBy: ["WINDOW"],
  },
  {
    name: "throttle not heeded",
    without: "a throttle closes its rate limit",
    patches: [
      {
        file: "src/core/reply/pacing.ts",
        find: "return { ...clock, strikes, closedUntil: Math.max(clock.closedUntil, now + Math.ceil(delayMs * (1 + random / 4))) };",
        replace: "return { ...clock, strikes };",
      },
    ],
    runs: [{ workload: "viral", prompts: 1_500 }],
    caughtBy: ["IMPATIENT"],
  },
];

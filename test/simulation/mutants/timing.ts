/** Mutants of alarms, watchdog, rate limits and windows. */
import type { Mutant } from "./mutant.ts";

const DISPATCH = "src/engine/account/outbox/dispatcher.ts";
const ATTEMPT = "src/engine/account/outbox/attempt.ts";
const ACCOUNT = "src/engine/account/account.ts";
const LEASE = { file: DISPATCH, find: "      ports.setAlarm(ports.now() + LEASE_MS);\n", replace: "" };

export const TIMING_MUTANTS: readonly Mutant[] = [
  {
    name: "no lease alarm",
    without: "a run sets its next alarm before it does anything else",
    patches: [LEASE],
    runs: [{ workload: "unwatched", prompts: 400 }],
    caughtBy: ["UNANSWERED"],
  },
  {
    name: "alarm throws",
    without: "a run never throws (the mutant relies on Cloudflare's six retries)",
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
    without: "the watchdog visits accounts whose alarm never runs",
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
    name: "registration not awaited",
    without: "an event is acknowledged only after its account is registered with the watchdog",
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
    name: "duplicates not registered",
    without: "a repeated event sets the alarm and registers the account like a new one",
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
    without: "the rate limit survives a restart",
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
    name: "no send throttle",
    without: "per-second limits are checked again just before sending",
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
    without: "posts are served in turn",
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
    without: "nothing is sent after Meta's window closes",
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
    name: "throttle ignored",
    without: "a throttling error closes its rate limit",
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

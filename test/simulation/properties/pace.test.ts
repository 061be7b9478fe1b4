/** Rate limits under any load: no window is exceeded, no capacity is wasted, and posts are served in turn. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SendThrottle } from "../../../src/core/reply/send-throttle.ts";
import {
  counted,
  type RateLimitState,
  type RateLimitRule,
  rateLimitRules,
  NEW_RATE_LIMIT,
  openAt,
} from "../../../src/core/reply/pacing.ts";
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";
import { ACCOUNT_MIGRATIONS } from "../../../src/engine/account/schema.ts";
import { nextGroups, nextOfGroup, markServed } from "../../../src/engine/account/tables/fair-queue.ts";
import { migrate } from "../../../src/engine/storage/migrate.ts";
import type { Sql } from "../../../src/engine/storage/sql.ts";
import { fullest } from "../checker/pace.ts";
import { Storage } from "../platform/storage.ts";

/** A fixed seed, so that the load is always the same. */
const SEED = 3;

const rule: fc.Arbitrary<RateLimitRule> = fc
  .record({
    limit: fc.integer({ min: 1, max: 40 }),
    windowMs: fc.integer({ min: 1_000, max: 3_600_000 }),
    burst: fc.integer({ min: 1, max: 40 }),
  })
  .map((one) => ({ ...one, burst: Math.min(one.burst, one.limit) }));

/** ms between requests. */
const demands = fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 200 });

interface Call {
  wanted: number;
  at: number;
}

/** Serves each request in order, as soon as the rate limit allows it. */
function serve(of: RateLimitRule, gaps: readonly number[]): Call[] {
  const calls: Call[] = [];
  let clock: RateLimitState = NEW_RATE_LIMIT;
  let wanted = 1_000_000;
  let now = wanted;
  for (const gap of gaps) {
    wanted += gap;
    now = Math.max(now, wanted);
    const limitCallsAgo = calls.at(-of.limit)?.at ?? null;
    const at = openAt(of, clock, limitCallsAgo, now);
    clock = counted(of, clock, at);
    calls.push({ wanted, at });
    now = at;
  }
  return calls;
}

describe("a rate limit under any load", () => {
  it("never begins more calls than its limit in any window", () => {
    fc.assert(
      fc.property(rule, demands, (of, gaps) => {
        const times = serve(of, gaps).map(({ at }) => at);
        expect(fullest(times, of.limit, of.windowMs)).toBeNull();
      }),
      { seed: SEED },
    );
  });

  it("allows a call at once after a window without calls", () => {
    fc.assert(
      fc.property(rule, demands, (of, gaps) => {
        const calls = serve(of, gaps);
        for (const [index, { wanted, at }] of calls.entries()) {
          const before = calls[index - 1]?.at ?? -Infinity;
          if (wanted > before + of.windowMs) expect(at).toBe(wanted);
        }
      }),
      { seed: SEED },
    );
  });

  it("sends a long queue within two percent of the minimum time for the limit", () => {
    const { private: rateLimit } = rateLimitRules(DEFAULT_SETTINGS.pacing);
    const calls = serve(
      rateLimit,
      Array.from({ length: 3_000 }, () => 0),
    );
    const took = (calls.at(-1)?.at ?? 0) - (calls[0]?.at ?? 0);
    const ideal = (3_000 / rateLimit.limit) * rateLimit.windowMs;
    expect(took).toBeLessThanOrEqual(ideal);
    expect(took).toBeGreaterThanOrEqual(0.98 * ideal);
  });

  it("stays within Meta's 750 per hour by Meta's clock, if calls arrive up to 45 s late", () => {
    const { private: rateLimit } = rateLimitRules(DEFAULT_SETTINGS.pacing);
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 45_000 })), (delays) => {
        const arrivals = serve(
          rateLimit,
          Array.from({ length: 1_600 }, () => 0),
        )
          .map(({ at }) => at + (delays.next().value ?? 0))
          .sort((a, b) => a - b);
        expect(fullest(arrivals, 750, 3_600_000)).toBeNull();
      }),
      { numRuns: 20, seed: SEED },
    );
  });
});

describe("a per-second rate limit, if each call reads its comment first", () => {
  it("is not exceeded when calls are sent, and delays no call for longer than the slowest read", () => {
    const SLOWEST_MS = 3_000;
    const looks = fc.infiniteStream(fc.integer({ min: 0, max: SLOWEST_MS }));
    const limits = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(limits, looks, (limit, delays) => {
        const rateLimit: RateLimitRule = { limit, windowMs: 1_000, burst: Math.ceil(limit / 10) };
        const committed = serve(
          rateLimit,
          Array.from({ length: 400 }, () => 0),
        );
        const atDoor = committed.map(({ at }) => at + (delays.next().value ?? 0)).sort((a, b) => a - b);
        const departures = new SendThrottle();
        const left = atDoor.map((now) => departures.next("live", rateLimit, now));
        expect(fullest(left, limit, 1_000)).toBeNull();
        for (const [index, at] of left.entries()) expect(at - (atDoor[index] ?? 0)).toBeLessThanOrEqual(SLOWEST_MS);
      }),
      { numRuns: 60, seed: SEED },
    );
  });
});

describe("posts that share a rate limit", () => {
  it("are served in turn: between two calls of a waiting post, no other post has two", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        const storage = new Storage();
        const sql: Sql = {
          all: (statement, ...values) => storage.all(statement, values),
          transaction: (body) => storage.transaction(body),
        };
        migrate(sql, ACCOUNT_MIGRATIONS);
        sizes.forEach((size, post) => {
          for (let row = 0; row < size; row++) waiting(sql, `post${post}`, `${post}.${row}`);
        });
        const order = drain(sql);
        expect(order).toHaveLength(sizes.reduce((all, size) => all + size, 0));
        sizes.forEach((size, post) => {
          const own = order.flatMap((group, index) => (group === `post${post}` ? [index] : []));
          for (let place = 1; place < size; place++) {
            const between = order.slice((own[place - 1] ?? 0) + 1, own[place]);
            expect(new Set(between).size).toBe(between.length);
          }
        });
        storage.close();
      }),
      { numRuns: 60, seed: SEED },
    );
  });
});

function waiting(sql: Sql, group: string, id: string): void {
  sql.all(
    `INSERT INTO replies (id, kind, lane, group_key, comment_id, message, reads, state, created_at, due_at, expires_at,
       wake_at, attempts, failures, ambiguous)
     VALUES (?, 'private_reply', 'private', ?, ?, '{}', '[]', 'pending', 0, 0, 1000, 1, 0, 0, 0)`,
    id,
    group,
    id,
  );
  sql.all("INSERT INTO turns (lane, group_key, turn) VALUES ('private', ?, 0) ON CONFLICT DO NOTHING", group);
}

/** Makes calls one after another, like the dispatcher, and returns the groups in order. */
function drain(sql: Sql): string[] {
  const order: string[] = [];
  for (let turn = 1; ; turn++) {
    const [group] = nextGroups(sql, "private", 10, 1);
    if (group === undefined) return order;
    const reply = nextOfGroup(sql, "private", group, 10);
    if (reply === null) throw new Error("a group in turn has nothing to send");
    sql.all("UPDATE replies SET state = 'sent', wake_at = NULL WHERE id = ?", reply.id);
    markServed(sql, "private", group, turn);
    order.push(group);
  }
}

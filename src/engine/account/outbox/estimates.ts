/** Estimates when waiting replies leave, from their rate limit and their place in the fair queue. */
import { estimate, rateLimitRules } from "../../../core/reply/pacing.ts";
import { type RateLimit, RATE_LIMITS, type Reply } from "../../../core/reply/reply.ts";
import { isWaiting } from "../../../core/reply/step.ts";
import { WaitingGroups } from "../../../core/reply/waiting-groups.ts";
import { rateLimitOpensAt, sendStatus } from "../alarm.ts";
import type { AccountPorts } from "../ports.ts";
import { readRateLimit } from "../tables/rate-limits.ts";
import { placeInGroup, placesInQueue, waitingByGroup } from "../tables/reply-lists.ts";

/** Counting this many rows takes almost no time. */
const FEW = 500;
/** During a viral post, counting a hundred thousand rows for every change would take all of the object's time. */
const COUNTED_EVERY_MS = 2_000;

/** Returns a row's place in its group, from 1. */
type Place = (rateLimit: RateLimit, reply: Reply, groups: WaitingGroups) => number;

export class Estimates {
  readonly #ports: AccountPorts;
  readonly #counted = new Map<RateLimit, { at: number; groups: WaitingGroups }>();

  constructor(ports: AccountPorts) {
    this.#ports = ports;
  }

  /** For a list that a person has opened. */
  ofList(replies: readonly Reply[]): Map<string, number> {
    this.#counted.clear();
    const places = this.#lookUp(replies, RATE_LIMITS);
    return this.#of(replies, (_rateLimit, { id }) => places.get(id) ?? 1);
  }

  /** For one reply. */
  of(reply: Reply): number | null {
    const place: Place = (rateLimit) => placeInGroup(this.#ports.sql, rateLimit, reply);
    return this.#of([reply], place).get(reply.id) ?? null;
  }

  /**
   * For rows that change while the live feed is open. In a long queue the place is not read: a row that was never tried
   * counts as the last of its group, a row that waits again as the first.
   */
  roughly(replies: readonly Reply[]): Map<string, number> {
    const now = this.#ports.now();
    const rateLimits = new Set(replies.map(({ rateLimit }) => rateLimit));
    const places = this.#lookUp(
      replies,
      [...rateLimits].filter((rateLimit) => this.#groups(rateLimit, now).size <= FEW),
    );
    return this.#of(
      replies,
      (_rateLimit, { id, attempts, groupKey }, groups) =>
        places.get(id) ?? (attempts > 0 ? 1 : groups.sizeOf(groupKey)),
    );
  }

  #lookUp(replies: readonly Reply[], rateLimits: readonly RateLimit[]): Map<string, number> {
    const places = new Map<string, number>();
    for (const rateLimit of rateLimits) {
      const ids = replies.filter((reply) => reply.rateLimit === rateLimit && isWaiting(reply)).map(({ id }) => id);
      if (ids.length > 0)
        for (const [id, place] of placesInQueue(this.#ports.sql, rateLimit, ids)) places.set(id, place);
    }
    return places;
  }

  /** Returns no estimates if sending is not possible: no time would be right. */
  #of(replies: readonly Reply[], placeOf: Place): Map<string, number> {
    const now = this.#ports.now();
    const estimates = new Map<string, number>();
    const { settings, maySend } = sendStatus(this.#ports, now);
    if (!maySend) return estimates;
    const rules = rateLimitRules(settings.pacing);
    for (const rateLimit of RATE_LIMITS) {
      const waiting = replies.filter(
        (reply) => reply.rateLimit === rateLimit && isWaiting(reply) && reply.afterId === null,
      );
      if (waiting.length === 0) continue;
      const clock = readRateLimit(this.#ports.sql, rateLimit);
      const openAt = rateLimitOpensAt(this.#ports.sql, rateLimit, rules[rateLimit], clock, now);
      const groups = this.#groups(rateLimit, now);
      for (const reply of waiting) {
        const ahead = groups.ahead(reply.groupKey, Math.max(1, placeOf(rateLimit, reply, groups)));
        const leavesAt = estimate(rules[rateLimit], clock, openAt, ahead, now);
        estimates.set(reply.id, Math.max(leavesAt, reply.wakeAt ?? 0));
      }
    }
    return estimates;
  }

  #groups(rateLimit: RateLimit, now: number): WaitingGroups {
    const known = this.#counted.get(rateLimit);
    if (known !== undefined && known.groups.size > FEW && now < known.at + COUNTED_EVERY_MS) return known.groups;
    const groups = new WaitingGroups(waitingByGroup(this.#ports.sql, rateLimit));
    this.#counted.set(rateLimit, { at: now, groups });
    return groups;
  }
}

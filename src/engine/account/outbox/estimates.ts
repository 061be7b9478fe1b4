/** When waiting replies will probably leave: by the pace of their lane, and by whose turn comes before theirs. */
import { estimate, laneRules } from "../../../core/reply/pacing.ts";
import { type Lane, LANES, type Reply } from "../../../core/reply/reply.ts";
import { isWaiting } from "../../../core/reply/step.ts";
import { WaitingGroups } from "../../../core/reply/waiting-groups.ts";
import { laneOpenAt, standing } from "../alarm.ts";
import type { AccountPorts } from "../ports.ts";
import { getLane } from "../tables/rate-limits.ts";
import { placeInGroup, placesInLane, waitingByGroup } from "../tables/reply-lists.ts";

/** So many rows are counted in no time. */
const FEW = 500;
/** While a post goes round, counting a hundred thousand rows for every change would take all of the object's time. */
const COUNTED_EVERY_MS = 2_000;

/** Looks a row's place in its group up; from 1. */
type Place = (lane: Lane, reply: Reply, groups: WaitingGroups) => number;

export class Estimates {
  readonly #ports: AccountPorts;
  readonly #counted = new Map<Lane, { at: number; groups: WaitingGroups }>();

  constructor(ports: AccountPorts) {
    this.#ports = ports;
  }

  /** For a list that somebody has opened. */
  ofList(replies: readonly Reply[]): Map<string, number> {
    this.#counted.clear();
    const places = this.#lookUp(replies, LANES);
    return this.#of(replies, (_lane, { id }) => places.get(id) ?? 1);
  }

  /** For one reply. */
  of(reply: Reply): number | null {
    const place: Place = (lane) => placeInGroup(this.#ports.sql, lane, reply);
    return this.#of([reply], place).get(reply.id) ?? null;
  }

  /**
   * For rows that change while somebody watches. In a long queue without a look at it: one that was never tried stands at its
   * end, one that comes back at its head.
   */
  roughly(replies: readonly Reply[]): Map<string, number> {
    const now = this.#ports.now();
    const lanes = new Set(replies.map(({ lane }) => lane));
    const places = this.#lookUp(
      replies,
      [...lanes].filter((lane) => this.#groups(lane, now).size <= FEW),
    );
    return this.#of(
      replies,
      (_lane, { id, attempts, groupKey }, groups) => places.get(id) ?? (attempts > 0 ? 1 : groups.sizeOf(groupKey)),
    );
  }

  #lookUp(replies: readonly Reply[], lanes: readonly Lane[]): Map<string, number> {
    const places = new Map<string, number>();
    for (const lane of lanes) {
      const ids = replies.filter((reply) => reply.lane === lane && isWaiting(reply)).map(({ id }) => id);
      if (ids.length > 0) for (const [id, place] of placesInLane(this.#ports.sql, lane, ids)) places.set(id, place);
    }
    return places;
  }

  /** None where nothing may leave: a time would be a promise that nobody keeps. */
  #of(replies: readonly Reply[], placeOf: Place): Map<string, number> {
    const now = this.#ports.now();
    const estimates = new Map<string, number>();
    const { settings, maySend } = standing(this.#ports, now);
    if (!maySend) return estimates;
    const rules = laneRules(settings.pacing);
    for (const lane of LANES) {
      const waiting = replies.filter((reply) => reply.lane === lane && isWaiting(reply));
      if (waiting.length === 0) continue;
      const clock = getLane(this.#ports.sql, lane);
      const openAt = laneOpenAt(this.#ports.sql, lane, rules[lane], clock, now);
      const groups = this.#groups(lane, now);
      for (const reply of waiting) {
        const ahead = groups.ahead(reply.groupKey, Math.max(1, placeOf(lane, reply, groups)));
        const leavesAt = estimate(rules[lane], clock, openAt, ahead, now);
        estimates.set(reply.id, Math.max(leavesAt, reply.wakeAt ?? 0));
      }
    }
    return estimates;
  }

  #groups(lane: Lane, now: number): WaitingGroups {
    const known = this.#counted.get(lane);
    if (known !== undefined && known.groups.size > FEW && now < known.at + COUNTED_EVERY_MS) return known.groups;
    const groups = new WaitingGroups(waitingByGroup(this.#ports.sql, lane));
    this.#counted.set(lane, { at: now, groups });
    return groups;
  }
}

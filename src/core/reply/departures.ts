/**
 * When a committed attempt may leave. A lane counts attempts as they are committed, so that no restart forgets them; but
 * between that and the request lies a look at the comment, now of 100 ms and now of seconds, and a second's attempts may
 * leave within less. So what has come through a lane is counted once more at the door.
 *
 * In memory on purpose: it only delays. After a restart it begins where the lane's own schedule stands.
 */
import { counted, type LaneClock, type LaneRule, NEW_LANE_CLOCK, openAt } from "./pace.ts";
import type { Lane } from "./reply.ts";

/** Longer windows have room for all that an attempt may take (`laneRules`). */
const SHORT_WINDOW_MS = 1_000;

interface Door {
  clock: LaneClock;
  /** Departures of the last window. */
  times: number[];
}

export class Departures {
  readonly #doors = new Map<Lane, Door>();

  /**
   * Takes the lane's next place.
   *
   * @param kept the lane as it is kept, this attempt included: asked for at the first call after a restart
   * @returns when to leave: ms since the epoch, `now` or later
   */
  next(lane: Lane, rule: LaneRule, kept: () => LaneClock, now: number): number {
    if (rule.windowMs > SHORT_WINDOW_MS) return now;
    // What left before a restart, and when, is not known here: on a busy lane it left a little after its commit.
    const door = this.#doors.get(lane) ?? { clock: { ...NEW_LANE_CLOCK, spreadAt: kept().spreadAt }, times: [] };
    // Places are taken ahead of time, and in order.
    const earliest = Math.max(now, door.times.at(-1) ?? now);
    const at = openAt(rule, door.clock, door.times.at(-rule.limit) ?? null, earliest);
    const times = [...door.times.filter((time) => time > at - rule.windowMs), at];
    this.#doors.set(lane, { clock: counted(rule, door.clock, at), times });
    return at;
  }
}

/** Counts injected faults, and situations that a run must reach to be meaningful. */
import type { FaultKind } from "./faults.ts";

/** Situations that a run of reasonable length must reach. A situation that was not reached is not tested. */
export const SITUATIONS = [
  "answer_503",
  "answer_503_slow_queue",
  "kv_hit",
  "kv_stale_miss",
  "event_ingested_again",
  "unsend_before_message",
  "dead_letter_kept",
  "dead_letter_redriven",
  "object_evicted",
  "alarm_retried",
  "stuck_alarm_set_again",
  "zombie_storage_refused",
  "zombie_effect",
  "effect_after_timeout",
  "throttled_together",
  "attempt_judged_unanswered",
  "second_private_reply_refused",
  "settled_by_echo",
  "settled_by_early_echo",
  "settled_as_presumed",
  "uncertain_kept",
  "public_reply_waits",
  "cancelled_before_attempt",
  "cancelled_during_attempt",
  "person_took_over",
  "held_and_resumed",
  "rate_limit_full_for_an_hour",
  "expired",
] as const;

export type DecisionContext = (typeof SITUATIONS)[number];

export class Tally {
  readonly faults = new Map<FaultKind, number>();
  readonly situations = new Map<DecisionContext, number>();

  fault(kind: FaultKind): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
  }

  /** Coverage: counts a situation as reached. */
  sometimes(situation: DecisionContext): void {
    this.situations.set(situation, (this.situations.get(situation) ?? 0) + 1);
  }

  get faultCount(): number {
    let sum = 0;
    for (const count of this.faults.values()) sum += count;
    return sum;
  }
}

/** Counts: faults injected, and situations that must come up now and then for the run to mean anything. */
import type { FaultKind } from "./faults.ts";

/** DecisionContexts that a run of reasonable length has to reach; one that was never reached proves nothing. */
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
  "ghost_storage_refused",
  "ghost_effect",
  "effect_after_timeout",
  "throttled_together",
  "attempt_judged_unanswered",
  "second_private_reply_refused",
  "settled_by_echo",
  "settled_by_early_echo",
  "settled_as_presumed",
  "uncertain_kept",
  "cancelled_before_attempt",
  "cancelled_during_attempt",
  "person_took_over",
  "held_and_resumed",
  "lane_full_for_an_hour",
  "expired",
] as const;

export type DecisionContext = (typeof SITUATIONS)[number];

export class Tally {
  readonly faults = new Map<FaultKind, number>();
  readonly situations = new Map<DecisionContext, number>();

  fault(kind: FaultKind): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
  }

  /** Coverage: this came up. */
  sometimes(situation: DecisionContext): void {
    this.situations.set(situation, (this.situations.get(situation) ?? 0) + 1);
  }

  get faultCount(): number {
    let sum = 0;
    for (const count of this.faults.values()) sum += count;
    return sum;
  }
}

/** When the Account's one alarm has to ring next: always worked out from the tables, never remembered. */

export interface Agenda {
  /** Lanes with waiting rows: the earliest row's time, and when the lane has room. */
  lanes: readonly { firstWakeAt: number; openAt: number }[];
  /** Waiting rows may leave at all (connected, sending on, not held). */
  maySend: boolean;
  /** When a hold ends by itself. */
  heldUntil: number | null;
  /** The earliest `sending` row's judgement. */
  firstJudgeAt: number | null;
  /** The earliest end of a window among waiting rows. */
  firstExpiryAt: number | null;
  /** Housekeeping: retention, reconciler. */
  choreAt: number | null;
}

/** ms since the epoch, never in the past; null when nothing is going to happen by itself. */
export function nextWakeAt(agenda: Agenda, now: number): number | null {
  const times: number[] = [];
  if (agenda.maySend) {
    for (const lane of agenda.lanes) times.push(Math.max(lane.firstWakeAt, lane.openAt));
  } else if (agenda.heldUntil !== null) {
    times.push(agenda.heldUntil);
  }
  if (agenda.firstJudgeAt !== null) times.push(agenda.firstJudgeAt);
  if (agenda.firstExpiryAt !== null) times.push(agenda.firstExpiryAt);
  if (agenda.choreAt !== null) times.push(agenda.choreAt);
  if (times.length === 0) return null;
  return Math.max(now, Math.min(...times));
}

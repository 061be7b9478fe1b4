/** When the Account's one alarm has to ring next: always worked out from the tables, never remembered. */

export interface AlarmInputs {
  /** RateLimits with waiting rows: the earliest row's time, and when the lane has room. */
  rateLimits: readonly { firstWakeAt: number; openAt: number }[];
  /** Waiting rows may leave at all (connected, sending on, not held). */
  maySend: boolean;
  /** When a hold ends by itself. */
  heldUntil: number | null;
  /** The earliest `sending` row, or echo that waits for an answer, that has to be judged. */
  firstJudgeAt: number | null;
  /** The earliest end of a window among waiting rows. */
  firstExpiryAt: number | null;
  /** Housekeeping: retention, reconciler. */
  maintenanceAt: number | null;
}

/** ms since the epoch, never in the past; null when nothing is going to happen by itself. */
export function nextAlarmAt(inputs: AlarmInputs, now: number): number | null {
  const times: number[] = [];
  if (inputs.maySend) {
    for (const rateLimit of inputs.rateLimits) times.push(Math.max(rateLimit.firstWakeAt, rateLimit.openAt));
  } else if (inputs.heldUntil !== null) {
    times.push(inputs.heldUntil);
  }
  if (inputs.firstJudgeAt !== null) times.push(inputs.firstJudgeAt);
  if (inputs.firstExpiryAt !== null) times.push(inputs.firstExpiryAt);
  if (inputs.maintenanceAt !== null) times.push(inputs.maintenanceAt);
  if (times.length === 0) return null;
  return Math.max(now, Math.min(...times));
}

/** When the single alarm of the Account must run next. Always computed from the tables, never stored. */

export interface AlarmInputs {
  /** Rate limits with waiting rows: the time of the earliest row, and when the rate limit allows the next call. */
  rateLimits: readonly { firstWakeAt: number; openAt: number }[];
  /** Whether waiting rows may be sent (connected, sending on, not held). */
  maySend: boolean;
  /** When a temporary hold ends. */
  heldUntil: number | null;
  /** The earliest `sending` row, or echo that waits for an answer, that has to be judged. */
  firstJudgeAt: number | null;
  /** The earliest end of a reply window among waiting rows. */
  firstExpiryAt: number | null;
  /** Maintenance: retention, reconciler. */
  maintenanceAt: number | null;
}

/** ms since the epoch, never in the past; null if nothing is scheduled. */
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

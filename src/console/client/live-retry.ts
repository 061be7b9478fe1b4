/** When a lost connection is tried again, and what the page shows until then. */

/** The session that opened the connection is over. The other side closes with these (engine/console/live-feed.ts). */
export const SESSION_OVER = 4401;
const TOO_MANY = 4429;

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 20_000;
/** Each try to find a place also reads what is new, so it is no shorter than that may be. */
const CROWDED_RETRY_MS = 30_000;

export interface Retry {
  delayMs: number;
  state: "disconnected" | "crowded";
  label: string;
  /** In a sentence. */
  title: string;
}

/**
 * @param code that the connection was closed with
 * @param failures in a row, this one included
 * @param random in [0, 1): up to half as long again, so that all the tabs of an office do not come back in one moment
 */
export function retryAfter(code: number, failures: number, random: number): Retry {
  const spread = 1 + random / 2;
  if (code === TOO_MANY) {
    return {
      delayMs: CROWDED_RETRY_MS * spread,
      state: "crowded",
      label: "Too many windows: updated every 30 s",
      title:
        "Too many open windows show this account. This window is updated every 30 seconds until others are closed.",
    };
  }
  const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS) * spread;
  return { delayMs, state: "disconnected", label: "Disconnected, reconnecting", title: "Click to reconnect now." };
}

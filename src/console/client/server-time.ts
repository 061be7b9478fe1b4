/** The server's time, on a machine whose own clock may be wrong. */

/** Less than that is the way of an answer, and a header of whole seconds. */
const VISIBLE_OFFSET_MS = 2_000;

/** ms between this machine's clock and the server's, where they are apart enough to be seen in a countdown. */
let offsetMs = 0;

export const now = (): number => Date.now() + offsetMs;

/** The page says when it was made: the first times on it are right without an answer of the API. */
export function startServerTime(): void {
  const madeAt = Number(document.body.dataset["now"]);
  if (!(madeAt > 0)) return;
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const sinceMs = navigation === undefined ? 0 : performance.now() - navigation.responseStart;
  note(madeAt + sinceMs);
}

export function noteServerDate(date: string | null): void {
  if (date !== null) note(Date.parse(date));
}

function note(serverTime: number): void {
  const apart = serverTime - Date.now();
  offsetMs = Math.abs(apart) > VISIBLE_OFFSET_MS ? apart : 0;
}

/** The simulator's host in Node: real time, the network and one timer. */
import type { Persist } from "../../graph/graph-state.ts";
import type { SimulatorHost } from "../../simulator.ts";

/** The longest time of a timer. If it fires too early, nothing is due, and the simulator sets it again. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Calls `wake` when attempts are due, until `close`. */
export function nodeHost(
  wake: () => Promise<void>,
  persist: Persist = () => undefined,
): { host: SimulatorHost; close: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const host: SimulatorHost = {
    now: () => Date.now(),
    random: () => Math.random(),
    fetch: (url, init) => fetch(url, init),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    wakeAt: (at) => {
      clearTimeout(timer);
      if (at === null || closed) return;
      timer = setTimeout(() => void wake(), Math.min(MAX_TIMER_MS, Math.max(0, at - Date.now())));
    },
    persist: (...record) => {
      if (!closed) persist(...record);
    },
  };
  const close = (): void => {
    closed = true;
    clearTimeout(timer);
  };
  return { host, close };
}

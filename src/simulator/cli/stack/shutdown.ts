/** Ends everything that a command started, once, however the command ends. */

const endings: (() => Promise<void>)[] = [];
let ending: Promise<void> | null = null;

/** Registers something to end. The last one registered ends first. */
export function atEnd(end: () => Promise<void>): void {
  endings.push(end);
}

export function endAll(): Promise<void> {
  ending ??= (async () => {
    for (const end of endings.toReversed()) await end().catch(() => undefined);
  })();
  return ending;
}

/** The exit status after Ctrl-C. */
const INTERRUPTED = 130;

/** How often the process checks that npm still runs. */
const PARENT_POLL_MS = 500;

/** From now on, SIGINT, SIGTERM and SIGHUP end everything and then this process. A second signal does not wait. */
export function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (ending !== null) process.exit(INTERRUPTED);
      void endAll().then(() => process.exit(INTERRUPTED));
    });
  }
  process.stdout.on("error", endWithReader);
  if (process.env["npm_lifecycle_event"] !== undefined) endWithParent();
}

/** The exit status after a closed pipe. */
const NO_READER = 141;

/** A closed pipe (`| head -1`) ends the command without an error. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  void endAll().then(() => process.exit(NO_READER));
}

/**
 * A signal to npm alone ends npm and its shell, but not this process, and everything it started would keep running. So
 * the process ends when its parent changes. This applies only under npm: a command started with `nohup` may stay.
 */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent || ending !== null) return;
    void endAll().then(() => process.exit(INTERRUPTED));
  }, PARENT_POLL_MS).unref();
}

/** Ends everything that a command started, once, whichever way it ends. */

const endings: (() => Promise<void>)[] = [];
let ending: Promise<void> | null = null;

/** Registers something to end; the last registered is ended first. */
export function atEnd(end: () => Promise<void>): void {
  endings.push(end);
}

export function endAll(): Promise<void> {
  ending ??= (async () => {
    for (const end of endings.toReversed()) await end().catch(() => undefined);
  })();
  return ending;
}

/** Exit status of a process that ctrl-c ended. */
const INTERRUPTED = 130;

/** How often is looked whether npm is still there. */
const PARENT_LOOK_MS = 500;

/** From now on ctrl-c (and its relatives) end everything, and then this process. A second one does not wait. */
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

/** Of a process that a closed pipe ended. */
const NO_READER = 141;

/** Whoever read the output has had enough (`| head -1`): the end, and no mistake. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  void endAll().then(() => process.exit(NO_READER));
}

/**
 * A signal that goes to npm alone ends npm and its shell, and never comes here. Then somebody else is this process's
 * parent, and what it runs would be left behind. Only under npm: who starts it with `nohup` and no npm wants it to stay.
 */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent || ending !== null) return;
    void endAll().then(() => process.exit(INTERRUPTED));
  }, PARENT_LOOK_MS).unref();
}

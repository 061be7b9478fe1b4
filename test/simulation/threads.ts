/** Distributes work over threads: each takes the next task when its last one is finished. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** The result of a task. */
export type Answer<R> = { ok: true; result: R } | { ok: false; error: string };

const THREADS = Math.max(1, Math.min(availableParallelism(), 8));

/** Runs all tasks; throws if one fails. */
export async function inThreads<T, R>(
  start: () => Thread<T, R>,
  tasks: readonly T[],
  done: (result: R) => void,
): Promise<void> {
  await abreast(tasks, async (next) => {
    const thread = start();
    try {
      for (const task of next) done(await thread.run(task));
    } finally {
      await thread.end();
    }
  });
}

/** Processes the items with as many parallel workers as there are processors. */
export async function abreast<T>(items: readonly T[], rateLimit: (next: Iterable<T>) => Promise<void>): Promise<void> {
  // One shared iterator, which must not be closed when one worker stops.
  const left = items.values();
  const next: Iterable<T> = {
    [Symbol.iterator]: () => ({ next: () => left.next() }),
  };
  await Promise.all(Array.from({ length: Math.min(THREADS, items.length) }, () => rateLimit(next)));
}

/** A thread with its own copy of all modules. */
export class Thread<T, R> {
  readonly #worker: Worker;

  /** @param file what the thread runs */
  constructor(file: URL, workerData: unknown) {
    this.#worker = new Worker(file, { workerData });
  }

  run(task: T): Promise<R> {
    return new Promise((resolve, reject) => {
      const settle = (answer: Answer<R>): void => {
        this.#worker.off("error", reject);
        if (answer.ok) resolve(answer.result);
        else reject(new Error(answer.error));
      };
      this.#worker.once("message", settle);
      this.#worker.once("error", reject);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of ours has no origin
      this.#worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/**
 * Records the size of each queue's backlog, from the metadata of its batches. The doctor reads it, because a Worker
 * cannot query a queue.
 */
import { describe, type Log } from "../log.ts";
import type { Objects } from "../objects.ts";

/** Each isolate records it at most this often. */
const EVERY_MS = 60_000;

const recordedAt = new Map<string, number>();

/** Never throws: a batch must not fail because of its statistics. */
export async function recordBacklog(
  batch: Pick<MessageBatch, "queue" | "metadata">,
  { objects, log, now }: { objects: Objects; log: Log; now: number },
): Promise<void> {
  // Older and local runtimes have no metrics.
  const metrics = (batch.metadata as Partial<MessageBatchMetadata> | undefined)?.metrics;
  if (metrics === undefined || now - (recordedAt.get(batch.queue) ?? 0) < EVERY_MS) return;
  recordedAt.set(batch.queue, now);
  const figures = {
    backlog: metrics.backlogCount,
    oldestAt: metrics.oldestMessageTimestamp?.getTime() ?? null,
    at: now,
  };
  try {
    await objects.directory((directory) => directory.recordQueue(batch.queue, figures));
  } catch (error) {
    log("directory_unreachable", { error: describe(error) });
  }
}

/** How much waits in a queue, as its batches tell: for the doctor, who cannot look into a queue himself. */
import { describe, type Log } from "../log.ts";
import type { Objects } from "../objects.ts";

/** Told at most this often by each isolate. */
const EVERY_MS = 60_000;

const toldAt = new Map<string, number>();

/** Never throws: a figure is not worth a batch. */
export async function recordBacklog(
  batch: Pick<MessageBatch, "queue" | "metadata">,
  { objects, log, now }: { objects: Objects; log: Log; now: number },
): Promise<void> {
  // Older runtimes, and local ones, tell nothing.
  const metrics = (batch.metadata as Partial<MessageBatchMetadata> | undefined)?.metrics;
  if (metrics === undefined || now - (toldAt.get(batch.queue) ?? 0) < EVERY_MS) return;
  toldAt.set(batch.queue, now);
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

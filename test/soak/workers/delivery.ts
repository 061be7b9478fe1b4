/** The types of calls between the replacement queue and the engine's entrypoint. */
import type { QueuedEvent } from "../../../src/core/event.ts";

export interface QueuedMessage {
  id: string;
  /** ms since the epoch. */
  timestamp: number;
  /** Number of deliveries, including this one. */
  attempts: number;
  body: QueuedEvent;
}

/** The consumer's decision for one message; `null`: none, which acknowledges it on a real queue. */
export type Decision = { ack: true } | { ack: false; delaySeconds: number } | null;

export interface QueueFigures {
  /** Messages that wait or are being delivered. */
  depth: number;
  /** Messages from the receiver. */
  taken: number;
  /** Deliveries to the engine, including repeated ones. */
  delivered: number;
  /** Faults: the same message queued twice, and lost acknowledgements. */
  duplicated: number;
  acksLost: number;
  retried: number;
  /** Moved to the dead-letter queue. */
  died: number;
  /** Batches that were interrupted because the engine or the whole stack was killed. */
  brokenOff: number;
}

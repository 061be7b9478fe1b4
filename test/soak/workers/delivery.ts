/** What the queue stand-in and the engine's door say to each other. */
import type { QueuedEvent } from "../../../src/core/event.ts";

export interface QueuedMessage {
  id: string;
  /** ms since the epoch. */
  timestamp: number;
  /** How often it has been handed over, this time included. */
  attempts: number;
  body: QueuedEvent;
}

/** What the consumer said about one message; `null`: nothing, which on a real queue acknowledges it. */
export type Decision = { ack: true } | { ack: false; delaySeconds: number } | null;

export interface QueueFigures {
  /** Messages that wait or are on their way. */
  depth: number;
  /** Messages taken from the receiver. */
  taken: number;
  /** Handed to the engine, every repetition counted. */
  delivered: number;
  /** Faults: the same message queued twice, and acknowledgements that the queue never heard of. */
  duplicated: number;
  acksLost: number;
  retried: number;
  /** Moved to the queue for dead letters. */
  died: number;
  /** Batches that were on their way when the engine, or everything, went away. */
  brokenOff: number;
}

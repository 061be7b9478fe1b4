/** The settings of the queues, read from the deployed file, so that a wrong number there is found. */
import { patched } from "../mutants/source.ts";

export interface QueueSettings {
  queue: string;
  maxBatchSize: number;
  maxBatchTimeoutMs: number;
  maxRetries: number;
  /** The queue for messages after their last retry; null: they are deleted. */
  deadLetterQueue: string | null;
}

/** Cloudflare's defaults. https://developers.cloudflare.com/queues/configuration/configure-queues/ */
const DEFAULTS = { maxBatchSize: 10, maxBatchTimeoutMs: 5_000, maxRetries: 3 };

/** The `[[queues.consumers]]` of wrangler.engine.toml. */
export function queueSettings(): QueueSettings[] {
  const text = patched("wrangler.engine.toml");
  return text
    .split(/^\[\[queues\.consumers\]\]$/m)
    .slice(1)
    .map((rest) => {
      const block = rest.split(/^\[/m)[0] ?? "";
      const timeout = numberOf(block, "max_batch_timeout");
      return {
        queue: textOf(block, "queue") ?? "",
        maxBatchSize: numberOf(block, "max_batch_size") ?? DEFAULTS.maxBatchSize,
        maxBatchTimeoutMs: timeout === null ? DEFAULTS.maxBatchTimeoutMs : timeout * 1_000,
        maxRetries: numberOf(block, "max_retries") ?? DEFAULTS.maxRetries,
        deadLetterQueue: textOf(block, "dead_letter_queue"),
      };
    });
}

function textOf(block: string, key: string): string | null {
  return new RegExp(`^${key} = "([^"]*)"$`, "m").exec(block)?.[1] ?? null;
}

function numberOf(block: string, key: string): number | null {
  const value = new RegExp(`^${key} = (\\d+)$`, "m").exec(block)?.[1];
  return value === undefined ? null : Number(value);
}

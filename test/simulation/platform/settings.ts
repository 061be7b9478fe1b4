/** The queues' settings, read from the very file that is deployed: a wrong number there is a fault like any other. */
import { patched } from "../mutants/source.ts";

export interface QueueSettings {
  queue: string;
  maxBatchSize: number;
  maxBatchTimeoutMs: number;
  maxRetries: number;
  /** Where a message goes after its last retry; null: nowhere. */
  deadLetterQueue: string | null;
}

/** Cloudflare's own, where the file says nothing. https://developers.cloudflare.com/queues/configuration/configure-queues/ */
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

/**
 * The shipping engine with an entrypoint for the replacement queue: `QueueConsumer` passes messages to the shipping
 * `queue()` handler, as Cloudflare does. Only for the soak; no shipping code imports it.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { QueuedEvent } from "../../../src/core/event.ts";
import engine from "../../../src/engine/index.ts";
import type { EngineEnv } from "../../../src/engine/env.ts";
import type { QueuedMessage, QueueFigures, Decision } from "./delivery.ts";

export * from "../../../src/engine/index.ts";

interface SoakEnv extends EngineEnv {
  QUEUE: { figures(): Promise<QueueFigures> };
}

export class QueueConsumer extends WorkerEntrypoint<SoakEnv> {
  async deliver(queue: string, queued: readonly QueuedMessage[]): Promise<Decision[]> {
    const decisions: Decision[] = queued.map(() => null);
    // The first decision for a message counts, as on a real queue.
    const say = (index: number, decision: Decision): void => void (decisions[index] ??= decision);
    const messages = queued.map(({ id, timestamp, attempts, body }, index): Message<QueuedEvent> => ({
      id,
      timestamp: new Date(timestamp),
      attempts,
      body,
      ack: () => say(index, { ack: true }),
      retry: (options) => say(index, { ack: false, delaySeconds: options?.delaySeconds ?? 0 }),
    }));
    const batch: MessageBatch<QueuedEvent> = {
      queue,
      messages,
      metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
      ackAll: () => messages.forEach((message) => message.ack()),
      retryAll: (options) => messages.forEach((message) => message.retry(options)),
    };
    await engine.queue(batch, this.env);
    return decisions;
  }
}

export default {
  ...engine,

  /** Two routes for the soak; all others are the engine's. */
  async fetch(request, env, ctx) {
    switch (new URL(request.url).pathname) {
      case "/api/soak/queue":
        return Response.json(await env.QUEUE.figures());
      case "/api/soak/minute":
        // `wrangler dev` does not run cron triggers, so the soak calls the watchdog.
        await engine.scheduled({ scheduledTime: Date.now(), cron: "* * * * *", noRetry: () => undefined }, env);
        return new Response(null, { status: 204 });
      default:
        return engine.fetch(request, env, ctx);
    }
  },
} satisfies ExportedHandler<SoakEnv, QueuedEvent>;

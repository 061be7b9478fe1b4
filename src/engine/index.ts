/** The engine: queue consumer, watchdog, API. Wiring only. */
import type { QueuedEvent } from "../core/event.ts";
import { Hono } from "hono";
import { createApp } from "./api/app.ts";
import type { AppEnv } from "./api/app-env.ts";
import { createConsole } from "./console/app.tsx";
import { objectsOf } from "./objects.ts";
import { createConnectApp } from "./connect/app.tsx";
import { recordBacklog } from "./consumer/backlog.ts";
import { consumeDeadLetters } from "./consumer/dead-letters.ts";
import { consumeEvents } from "./consumer/events.ts";
import { openBatch } from "./consumer/large-content.ts";
import { unpack } from "./consumer/unpack.ts";
import type { EngineEnv } from "./env.ts";
import { log } from "./log.ts";
import { createPrivacyApp } from "./privacy/app.tsx";
import { continueErasures } from "./privacy/erase-account.ts";
import { auditSubscriptions } from "./watchdog/audit.ts";
import { redriveDeadLetters, propagateKillSwitch, visitAccounts } from "./watchdog/visit.ts";

export { Account } from "./account/object.ts";
export { Directory } from "./directory/object.ts";
export { Sender } from "./sender/entrypoint.ts";

const app = new Hono<AppEnv>()
  .route("/", createApp())
  .route("/", createConnectApp())
  .route("/", createPrivacyApp())
  .route("/", createConsole());

/** The dead letter queue of replyline-events. */
const DEAD_QUEUE = "replyline-dead";

const sleep = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

export default {
  fetch: app.fetch,

  async queue(batch, env) {
    const objects = objectsOf(env);
    await recordBacklog(batch, { objects, log, now: Date.now() });
    const { messages, kv, clear } = await openBatch(batch.messages, { kv: env.KV, log, sleep });
    const ports = {
      unpack: (queued: QueuedEvent) => unpack(queued, kv),
      log,
      random: () => Math.random(),
    };
    if (batch.queue === DEAD_QUEUE) {
      await consumeDeadLetters(messages, {
        ...ports,
        storeDeadLetters: (deadLetters) => objects.directory((to) => to.storeDeadLetters(deadLetters)),
      });
    } else {
      await consumeEvents(messages, {
        ...ports,
        ingest: async (accountId, events) =>
          void (await objects.account(accountId, (to) => to.ingest(accountId, events))),
        quarantine: (events) => objects.directory((to) => to.quarantine(events)),
      });
    }
    await clear();
  },

  async scheduled(_controller, env) {
    const objects = objectsOf(env);
    const ports = {
      toVisit: () => objects.directory((of) => of.toVisit()),
      wake: (accountId: string) => objects.account(accountId, (of) => of.wake(accountId)),
      visited: (accountId: string, answer: { open: number; generation: number }) =>
        objects.directory((of) => of.visited(accountId, answer)),
      redrive: () => objects.directory((of) => of.redrive()),
      propagate: () => objects.directory((of) => of.propagateKillSwitch()),
      log,
    };
    await visitAccounts(ports);
    await propagateKillSwitch(ports);
    await continueErasures({ objects, log });
    await auditSubscriptions({ objects, log });
    await redriveDeadLetters(ports);
  },
} satisfies ExportedHandler<EngineEnv, QueuedEvent>;

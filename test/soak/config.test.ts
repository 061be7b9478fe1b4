import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";
import { bundledConfig, engineConfig, queueConfig, receiverConfig, tablesOf } from "./configs.ts";

const ROOT = join(import.meta.dirname, "../..");
const text = (name: string): string => readFileSync(join(ROOT, name), "utf8");
/** The parts of wrangler's parsed configuration that are checked here. Its types are for Workers, not for Node. */
interface Shipped {
  name: string;
  compatibility_date: string;
  workers_dev?: boolean;
  preview_urls?: boolean;
  routes?: unknown[];
  vars: Record<string, unknown>;
  secrets?: { required?: string[] };
  triggers: { crons?: string[] };
  kv_namespaces: unknown[];
  durable_objects: { bindings: unknown[] };
  services?: { service: string }[];
  queues: {
    producers?: { queue: string }[];
    consumers?: { queue: string; max_batch_size?: number; max_retries?: number; dead_letter_queue?: string }[];
  };
}

function shipped(name: string): Shipped {
  const config: unknown = readConfig({ config: join(ROOT, name) });
  return config as Shipped;
}

const receiver = shipped("wrangler.toml");
const engine = shipped("wrangler.engine.toml");

describe("the shipping queues", () => {
  const consumers = engine.queues.consumers ?? [];
  const events = consumers.find(({ queue }) => queue === receiver.queues.producers?.[0]?.queue);

  it("have a consumer for the receiver's queue", () => {
    expect(receiver.queues.producers).toHaveLength(1);
    expect(events).toBeDefined();
  });

  it("retry a message long enough to survive an outage of hours", () => {
    // With the consumer's own delays: doubling from 2 s up to an hour.
    expect(events?.max_retries).toBeGreaterThanOrEqual(20);
  });

  it("move dead letters to a queue that has a consumer and is not a loop", () => {
    const dead = consumers.find(({ queue }) => queue === events?.dead_letter_queue);
    expect(dead).toBeDefined();
    expect(dead?.queue).not.toBe(events?.queue);
    expect(dead?.max_retries).toBeGreaterThanOrEqual(20);
    expect(text("src/engine/index.ts")).toContain(`"${dead?.queue}"`);
  });

  it("deliver batches of the size that one call to an account is designed for", () => {
    for (const { max_batch_size: size } of consumers) expect(size).toBeLessThanOrEqual(100);
  });
});

describe("the shipping Workers", () => {
  it("give the receiver no Durable Object, no token and no key", () => {
    expect(receiver.durable_objects.bindings).toEqual([]);
    expect(receiver.secrets?.required?.toSorted()).toEqual(["META_APP_SECRETS", "META_VERIFY_TOKEN"]);
    expect(receiver.triggers.crons ?? []).toEqual([]);
  });

  it("bind in one direction, so that a first deployment works", () => {
    expect(receiver.services?.map(({ service }) => service)).toEqual([engine.name]);
    expect(engine.services ?? []).toEqual([]);
  });

  it("give the engine no public URL, and a watchdog every minute", () => {
    expect(engine.workers_dev).toBe(false);
    expect(engine.preview_urls).toBe(false);
    expect(engine.routes ?? []).toEqual([]);
    expect(engine.triggers.crons).toEqual(["* * * * *"]);
  });

  it("share one KV namespace, and one compatibility date", () => {
    expect(engine.kv_namespaces).toEqual(receiver.kv_namespaces);
    expect(engine.compatibility_date).toBe(receiver.compatibility_date);
  });

  it("delay a reply by at least ten seconds", () => {
    expect(Number(engine.vars["REPLY_DEFER_SECONDS"])).toBeGreaterThanOrEqual(10);
  });

  it("call only Meta's hosts", () => {
    for (const [name, value] of Object.entries(engine.vars)) {
      if (!name.endsWith("_URL") || name === "PUBLIC_URL") continue;
      expect(new URL(String(value)).host, name).toMatch(/(?:^|\.)(?:instagram|facebook)\.com$/);
    }
  });
});

describe("the soak's configurations", () => {
  /** Without the parts that the soak may change. */
  const rest = (toml: string): string[] =>
    tablesOf(toml)
      .filter(({ head }) => !head.startsWith("[[queues.") && head !== "[build]" && head !== "[[services]]")
      .map((table) => table.text.replaceAll(/^(?:main|no_bundle) = .*\n/gm, "").replaceAll(/^\s*#.*\n|^\s*\n/gm, ""));

  it("differ from the shipping ones only in the queue, the entry, the build step and the service for the queue", () => {
    for (const [shipping, soak] of [
      [text("wrangler.toml"), receiverConfig(text("wrangler.toml"))],
      [text("wrangler.engine.toml"), engineConfig(text("wrangler.engine.toml"))],
    ] as const) {
      expect(rest(soak)).toEqual(rest(shipping));
      expect(rest(bundledConfig(soak, "/bundle/index.js"))).toEqual(rest(shipping));
      expect(soak).not.toMatch(/^\[\[queues/m);
    }
  });

  it("bind the replacement queue under the name of the queue", () => {
    expect(tablesOf(receiverConfig(text("wrangler.toml"))).at(-1)?.text).toBe(
      '[[services]]\nbinding = "EVENTS"\nservice = "replyline-soak-queue"\nentrypoint = "EventsQueue"\n\n',
    );
  });

  it("give the replacement queue the settings of the shipping consumer", () => {
    const own = queueConfig(text("test/soak/queue.toml"), text("wrangler.engine.toml"), { seed: 7, forgetful: false });
    const events = (engine.queues.consumers ?? []).find(({ dead_letter_queue: dead }) => dead !== undefined);
    expect(own).toContain('SOAK_SEED = "7"');
    expect(own).toContain('FORGETFUL = "off"');
    expect(own).toContain(`QUEUE = "${events?.queue}"`);
    expect(own).toContain(`DEAD_LETTER_QUEUE = "${events?.dead_letter_queue}"`);
    expect(own).toContain(`MAX_BATCH_SIZE = "${events?.max_batch_size}"`);
    expect(own).toContain(`MAX_RETRIES = "${events?.max_retries}"`);
  });
});
